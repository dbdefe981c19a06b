import type { TypedDocumentNode } from "@urql/core";
import { useCallback } from "react";
import { useMutation } from "urql";
import { newCommandId } from "@/lib/commandId";
import { notify } from "@/lib/notices";
import { type Problem, problemOf } from "./errors";

export type Outcome<Data> = { data: Data | undefined; problem: Problem | null };
type WithInput = { input: object };
type Given<Vars extends WithInput> = Omit<Vars["input"], "commandId">;

/**
 * Returns a function that runs a mutation. Each call gets a new command id; pass the id of an earlier call to retry
 * that one. With `quiet` the caller shows the error.
 */
export function useCommand<Data, Vars extends WithInput>(document: TypedDocumentNode<Data, Vars>, quiet = false) {
  const [, execute] = useMutation<Data, Vars>(document);
  return useCallback(
    async (input: Given<Vars>, commandId: string = newCommandId()): Promise<Outcome<Data>> => {
      const result = await execute({ input: { ...input, commandId } } as unknown as Vars);
      const problem = problemOf(result.error);
      if (problem && !quiet) notify({ tone: "danger", text: problem.message, code: problem.code });
      return { data: result.data, problem };
    },
    [execute, quiet],
  );
}
