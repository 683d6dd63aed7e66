/** An error as gRPC takes it: its sentence, and the code for what has no other. */
export function failure({ message }: Error): object {
  return { code: 2, message, details: message };
}
