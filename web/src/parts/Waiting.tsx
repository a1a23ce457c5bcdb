import { Skeleton } from "@mantine/core";

/** Grey lines where a list is about to stand. */
export function Waiting({ lines = 3 }: { lines?: number }) {
  return (
    <div aria-busy>
      {Array.from({ length: lines }, (_, at) => (
        <Skeleton key={at} height={14} my={10} width={`${String(90 - at * 14)}%`} />
      ))}
    </div>
  );
}
