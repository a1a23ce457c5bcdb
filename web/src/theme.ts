import { createTheme, Menu, type MantineColorsTuple } from "@mantine/core";

const sea: MantineColorsTuple = [
  "#eaf2fe",
  "#d3e2f9",
  "#a5c3f1",
  "#75a3ea",
  "#4e87e4",
  "#3576e0",
  "#1f6feb",
  "#195bc4",
  "#144da8",
  "#0c3f8c",
];

/** The greys of dark pages, with a little blue. */
const dark: MantineColorsTuple = [
  "#e6e9ef",
  "#c3cad6",
  "#a3adbb",
  "#7d8897",
  "#414a57",
  "#2c323c",
  "#20252d",
  "#1a1e25",
  "#14181e",
  "#0f1216",
];

export const theme = createTheme({
  primaryColor: "sea",
  primaryShade: { light: 7, dark: 7 },
  colors: { sea, dark },
  fontFamily: "'Inter Variable', system-ui, sans-serif",
  headings: { fontFamily: "'Inter Variable', system-ui, sans-serif", fontWeight: "650" },
  defaultRadius: "md",
  cursorType: "pointer",
  respectReducedMotion: true,
  autoContrast: true,
  components: {
    Menu: Menu.extend({
      // Within the page's landmark, with nothing but items for a screen reader to find.
      defaultProps: { portalProps: { target: "#page" }, withInitialFocusPlaceholder: false },
      styles: { label: { color: "var(--quiet)" } },
    }),
  },
});
