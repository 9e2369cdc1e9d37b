import type { Provided } from '../fixture.ts'

/** Inputs of which exactly one is invalid, and the error that reports it. */
export type RejectedCase = readonly [title: string, provided: Provided, input: string, message: RegExp]
