import type { Problem } from "../../../problem.ts";

/** Each value of a list that was there before. */
export function repeated(values: readonly string[], path: string): Problem[] {
  return values.flatMap((value, index) =>
    values.indexOf(value) === index
      ? []
      : [
          {
            code: "aws.listed-twice",
            path: `${path}[${index}]`,
            message: `${value} is listed twice, and AWS refuses a second one of the same`,
            hint: "remove one of them",
          },
        ],
  );
}
