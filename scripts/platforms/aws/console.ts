import { type EC2Client, GetConsoleOutputCommand } from "@aws-sdk/client-ec2";
import { lastLinesMarks } from "../../../components/render/aws/user-data.ts";

/**
 * What a first boot that failed said last, as the machine's console has it; none where it says nothing of one. AWS keeps a console for
 * about an hour after its machine has gone (EC2 user guide, Instance console output).
 */
export async function lastLines(ec2: Pick<EC2Client, "send">, instance: string): Promise<string[]> {
  // The newest is there for machines on Nitro alone; of others AWS keeps what it had soon after their boot.
  for (const Latest of [true, false])
    try {
      const { Output = "" } = await ec2.send(new GetConsoleOutputCommand({ InstanceId: instance, Latest }));
      return betweenMarks(Buffer.from(Output, "base64").toString());
    } catch (error) {
      const { name } = error as Error;
      if (/^InvalidInstanceID/.test(name)) return [];
      if (name !== "UnsupportedOperation") throw error;
    }
  return [];
}

/** Of the last first boot on it. */
export function betweenMarks(text: string): string[] {
  const lines = text.split(/\r?\n/);
  const begin = lines.findLastIndex((line) => line.endsWith(lastLinesMarks.begin));
  if (begin < 0) return [];
  const end = lines.findIndex((line, index) => index > begin && line.endsWith(lastLinesMarks.end));
  return lines.slice(begin + 1, end < 0 ? undefined : end).filter((line) => line.trim() !== "");
}
