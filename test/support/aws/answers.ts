/*
 * Answers of AWS's query services, as they travel.
 */

export interface AwsAnswer {
  readonly status: number;
  readonly type?: string;
  readonly body: string;
}

/** What an action gives: its result as XML. */
export function xmlAnswer(action: string, result: string): AwsAnswer {
  return {
    status: 200,
    body: `<${action}Response><${action}Result>${result}</${action}Result><ResponseMetadata><RequestId>0</RequestId></ResponseMetadata></${action}Response>`,
  };
}

/** An error of a query service. */
export function xmlError(status: number, code: string, message: string): AwsAnswer {
  return {
    status,
    body: `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error><RequestId>0</RequestId></ErrorResponse>`,
  };
}
