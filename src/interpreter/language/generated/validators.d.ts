// Made by scripts/generate-schemas.ts. Do not edit.
/** What a validator says of one fault: where in the value, what in the schema was not met, and with which particulars. */
export interface ValidatorError {
  readonly instancePath: string;
  /** Begins with the name of the record, case or form. */
  readonly schemaPath: string;
  readonly keyword: string;
  readonly params: Readonly<Record<string, unknown>>;
}
/** Answers whether a value is valid, and leaves all errors at itself if it is not. */
export interface Validator {
  (value: unknown): boolean;
  errors?: readonly ValidatorError[] | null;
}
export declare const runbook: Validator;
export declare const inventory: Validator;
export declare const world: Validator;
export declare const texts: Validator;
export declare const config: Validator;
