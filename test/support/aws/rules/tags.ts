import type { Fields } from "../catalogue/types.ts";
import type { Problem, Rule } from "./types.ts";

/** S3 user guide, Object tagging. */
const mostOf = (token: string) => (token === "aws:s3/bucketObjectv2:BucketObjectv2" ? 10 : 50);

/** At most 50 tags, an object 10; keys to 128 characters and not of AWS's own, values to 256 (AWS general reference, Tagging). */
export const checkTags: Rule = ({ token, inputs }): Problem[] => {
  const tags = tagsOf(inputs);
  const bad = tags.filter(
    ([key, value]) => key.length > 128 || /^aws:/i.test(key) || String(value).length > 256,
  );
  return [
    ...(tags.length > mostOf(token)
      ? [{ path: "tags", message: `${tags.length} tags, and AWS takes ${mostOf(token)}` }]
      : []),
    ...bad.map(([key]) => ({ path: `tags.${key}`, message: `"${key}" is no tag that AWS takes` })),
  ];
};

/** Those of Auto Scaling groups are a list. */
function tagsOf({ tags }: Fields): [string, unknown][] {
  if (Array.isArray(tags)) return tags.map(({ key, value }) => [key, value]);
  return Object.entries((tags ?? {}) as Fields);
}
