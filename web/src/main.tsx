import "@fontsource-variable/inter";
import "@mantine/core/styles.css";
import "./base.css";

import { i18n } from "@lingui/core";
import { I18nProvider } from "@lingui/react";
import { MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { setNonce } from "get-nonce";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";

import { client } from "./api/queryClient";
import { App } from "./shell/App";
import { rememberedLanguage, whenChosenElsewhere } from "./texts/languages";
import { speak } from "./texts/speaking";
import { speakOfFields } from "./texts/validity";
import { theme } from "./theme";

/** The page's nonce: style sheets that are made here carry it, or the browser refuses them. */
const nonce = document.querySelector<HTMLMetaElement>("meta[property=csp-nonce]")?.nonce ?? "";
setNonce(nonce);

async function start(): Promise<void> {
  await speak(rememberedLanguage());
  speakOfFields(document);
  whenChosenElsewhere((language) => void speak(language));
  const root = document.getElementById("root");
  if (root === null) throw new Error("the page has no root");
  createRoot(root).render(
    <StrictMode>
      <I18nProvider i18n={i18n}>
        <MantineProvider theme={theme} defaultColorScheme="auto" getStyleNonce={() => nonce}>
          <QueryClientProvider client={client}>
            <App />
          </QueryClientProvider>
        </MantineProvider>
      </I18nProvider>
    </StrictMode>,
  );
}

void start();
