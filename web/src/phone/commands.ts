/** What a person may ask of the phone, in whichever tab; plain values, so that a tab can pass them to another. */
export type Command =
  | { do: "answer" }
  | { do: "hang_up" }
  | { do: "hold" }
  | { do: "mute" }
  | { do: "digit"; digit: string }
  | { do: "dial"; number: string }
  | { do: "transfer"; number: string }
  | { do: "consult"; number: string }
  | { do: "complete" }
  | { do: "here" }
  | { do: "seen" };
