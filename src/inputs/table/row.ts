import type { CredentialRequest } from '../../issuer/provider.ts'

export type ProviderName = CredentialRequest['provider']

/** What is known about one input. `Name` is the name of any input of the same group. */
export type InputRow<Name extends string = string> = (
  | TextRow
  | SecretRow
  | ListRow
  | DurationRow
  | FlagRow
  | ChoiceRow
  | CountRow
  | EndpointRow
  | PemRow
  | PairsRow
) &
  Relations<Name> &
  Documentation

export type InputType = InputRow['type']

/** How an input depends on the provider and on other inputs. `relations.ts` checks it. */
interface Relations<Name extends string> {
  /** The providers that use the input; absent: all. */
  readonly providers?: readonly ProviderName[]
  /** When the input must be set; absent: never. */
  readonly required?: Requirement<Name>
  /** The input has no meaning without this one. */
  readonly needs?: Name
  /** The input cannot be set together with any of these. */
  readonly conflictsWith?: readonly Name[]
}

/** Required for providers, or together with another input; in both cases not when `unless` is set. */
export type Requirement<Name extends string = string> = (
  | { readonly for: readonly ProviderName[]; readonly with?: Name }
  | { readonly for?: never; readonly with: Name }
) & {
  readonly unless?: Name
  /** What the user can do when it is not set. */
  readonly hint?: string
}

interface Documentation {
  /** Whole sentences in Markdown. The documentation adds providers, requirement and default to them. */
  readonly description: string
  /** How the default is found when it is no constant, in Markdown. */
  readonly derivedDefault?: string
}

/** What is allowed, as text that completes "Allowed: " in an error message. Without a pattern, code checks the value. */
type Grammar =
  | { readonly pattern: RegExp; readonly allowed: string }
  | { readonly pattern?: never; readonly allowed?: string }

/** One value, trimmed. */
export type TextRow = {
  readonly type: 'text'
  /** The defaults of providers that have one. */
  readonly providerDefaults?: Partial<Readonly<Record<ProviderName, string>>>
} & Grammar

/** One value that is masked and that no error message quotes. */
export type SecretRow = {
  readonly type: 'secret'
  /** A prefix that is not part of the secret. */
  readonly prefix?: RegExp
} & Grammar

/** Newline- or comma-separated items; the grammar is that of an item. */
export type ListRow = { readonly type: 'list' } & Grammar

/** A number with a unit, or 0. */
export interface DurationRow {
  readonly type: 'duration'
  readonly default?: string
  /** 0 is not allowed. */
  readonly positive?: true
}

export interface FlagRow {
  readonly type: 'flag'
  readonly default: 'true' | 'false'
}

export interface ChoiceRow {
  readonly type: 'choice'
  readonly choices: readonly string[]
  readonly default?: string
}

/** A whole number from 1. */
export interface CountRow {
  readonly type: 'count'
  readonly default: string
  readonly max: number
}

/** An https URL, or an http URL of a loopback address. */
export interface EndpointRow {
  readonly type: 'endpoint'
  readonly default?: string
  /** The default when `dedicated-domain` is set: `<dedicated-domain>` stands for its value. */
  readonly template?: string
}

/** One or several certificates. */
export interface PemRow {
  readonly type: 'pem'
}

/** Lines of `key=value`. The grammar is that of a value. */
export type PairsRow = { readonly type: 'pairs' } & Grammar

/** The hint for a value that usually comes from elsewhere: GitHub passes on an empty secret or output without an error. */
export const CHECK_SOURCE =
  'If it comes from a secret or an earlier step, check that the value is available to this workflow.'

/** Checks at compile time that the rows are valid and refer to inputs of their own group. */
export function defineInputs<const Rows extends { readonly [Name in keyof Rows]: InputRow<keyof Rows & string> }>(
  rows: Rows & { readonly [Name in keyof Rows]: WithoutUnknownFields<Rows[Name]> },
): Rows {
  return rows
}

/** TypeScript accepts any further fields in an inferred type, so they are excluded here. */
type WithoutUnknownFields<Row> = Row extends { readonly type: infer Type extends InputType }
  ? { readonly [Field in Exclude<keyof Row, keyof Extract<InputRow, { readonly type: Type }>>]: never }
  : never

/** The constant default of an input; absent where there is none. GitHub's runner sets an input to it. */
export function defaultOf(row: InputRow): string | undefined {
  return 'default' in row ? row.default : undefined
}
