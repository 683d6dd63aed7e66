import type Docker from "dockerode";
import { describe, expect, it } from "vitest";
import { limitBy } from "../../../../components/platform/docker/limit.ts";

/** An engine that answers the first updates with these errors. */
function engineThat(...refusals: string[]) {
  const asked: unknown[] = [];
  const update = async (options: unknown) => {
    asked.push(options);
    const refusal = refusals.shift();
    if (refusal !== undefined) throw new Error(refusal);
  };
  return { asked, engine: { getContainer: () => ({ update }) } as unknown as Docker };
}

describe("the bound of a container's processes", () => {
  it("is asked for again while the container is between two starts", async () => {
    const { asked, engine } = engineThat(
      "(HTTP code 500) server error - Cannot update container 2b: cannot update a stopped container: unknown",
      "(HTTP code 500) server error - Cannot update container 2b: container 2b is not running",
    );
    await limitBy(engine)("2b", 2048);
    expect(asked).toEqual([{ PidsLimit: 2048 }, { PidsLimit: 2048 }, { PidsLimit: 2048 }]);
  });

  it("fails with any other error at once", async () => {
    const { asked, engine } = engineThat("(HTTP code 404) no such container");
    await expect(limitBy(engine)("2b", 2048)).rejects.toThrow("no such container");
    expect(asked).toHaveLength(1);
  });
});
