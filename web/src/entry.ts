import { beginEarly } from "./phone/early";

/** The page's first script, which is small: a talk that goes on is taken over before the page is drawn. */
async function start(): Promise<void> {
  try {
    await beginEarly();
  } finally {
    await import("./main");
  }
}

void start();
