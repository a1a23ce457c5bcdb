/** Lets the browser save something as a file of JSON, whose name has the day. */
export function save(configuration: object): void {
  const text = JSON.stringify(configuration, null, 2);
  const address = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  const link = document.createElement("a");
  link.href = address;
  link.download = `keskus-${new Date().toISOString().slice(0, 10)}.json`;
  link.click();
  URL.revokeObjectURL(address);
}
