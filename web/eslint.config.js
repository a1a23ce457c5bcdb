import js from "@eslint/js";
import lingui from "eslint-plugin-lingui";
import hooks from "eslint-plugin-react-hooks";
import ts from "typescript-eslint";

export default ts.config(
  { ignores: ["node_modules", "src/api/contract.d.ts"] },
  js.configs.recommended,
  { files: ["tools/*.mjs"], languageOptions: { globals: { process: "readonly" } } },
  ...ts.configs.strict,
  ...ts.configs.stylistic,
  hooks.configs.flat["recommended-latest"],
  lingui.configs["flat/recommended"],
  {
    rules: {
      eqeqeq: "error",
      "no-console": "error",
      "@typescript-eslint/consistent-type-imports": "error",
      "no-restricted-syntax": [
        "error",
        {
          selector: "JSXElement[openingElement.name.name!='Trans'] > JSXText[value=/\\p{L}{2,}/u]",
          message: "What people read stands in <Trans>, so that it is translated.",
        },
      ],
    },
  },
);
