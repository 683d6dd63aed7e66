/* gRPC's health protocol (grpc.health.v1.Health/Check) as bytes, for programs that ask by curl. */

export const grpcHealthPath = "/grpc.health.v1.Health/Check";

/** A HealthCheckRequest, with the 5 bytes that gRPC puts before a message. The name is ASCII and at most 125 characters long. */
export function grpcQuestion(service: string): string {
  const message = service === "" ? "" : `\n${String.fromCharCode(service.length)}${service}`;
  return `\0\0\0\0${String.fromCharCode(message.length)}${message}`;
}
