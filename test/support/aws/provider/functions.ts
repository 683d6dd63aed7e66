import type { Fields } from "../catalogue/types.ts";

/** Id of the image that every public parameter holds. */
export const imageId = "ami-0123456789abcdef0";

/** What AWS's functions answer. @throws Error for one that nothing is known of */
export function functions(token: string, args: Fields): Fields {
  if (token !== "aws:ssm/getParameter:getParameter")
    throw new Error(
      `nothing is known of the function ${token}: add it to test/support/aws/provider/functions.ts`,
    );
  const parameter = { name: args.name, type: "String", version: 1, value: imageId, insecureValue: imageId };
  return { ...parameter, id: args.name };
}
