"""Every context that the service names is one of the dialplan's."""

from pathlib import Path

import pytest

from app.pbx.dialplan import Context

DIALPLAN = Path(__file__).parents[2] / "dialplan"


@pytest.mark.parametrize("context", list(Context))
def test_a_context_is_the_dialplans(context: Context) -> None:
    texts = [path.read_text(encoding="utf-8") for path in DIALPLAN.rglob("*.conf")]
    assert any(f"\n[{context}]" in f"\n{text}" for text in texts)
