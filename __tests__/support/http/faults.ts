import type { RecordedRequest, ServerName } from './exchange.ts'

/** What goes wrong. The kinds with `after`, and the truncated ones, go wrong after the server has acted. */
export type Fault =
  | {
      readonly kind: 'status'
      readonly status: number
      readonly headers?: Readonly<Record<string, string>>
      readonly body?: string
    }
  | { readonly kind: 'reset-before' | 'reset-after' | 'hang' | 'hang-after' }
  /** The full content-length, half of the body, then the connection is cut. */
  | { readonly kind: 'truncate' }
  /** A response without end whose connection is closed after so long. */
  | { readonly kind: 'cut'; readonly ms: number }
  /** A complete response whose JSON ends in the middle. */
  | { readonly kind: 'truncated-json' }
  /** A list that is longer by so many bytes for each of its `items`: white space at the end of the JSON. */
  | { readonly kind: 'inflate'; readonly bytes: number }
  | { readonly kind: 'delay'; readonly ms: number }
  /** The server acts when the promise resolves, and never responds: the client may be gone by then. */
  | { readonly kind: 'late'; readonly until: Promise<unknown> }
  | { readonly kind: 'redirect'; readonly to: string }
  /** An error whose message repeats every credential of the request, in every encoding; default status 403. */
  | { readonly kind: 'echo'; readonly status?: number }

export interface FaultPlan {
  readonly when:
    | ((request: RecordedRequest) => boolean)
    | { readonly server?: ServerName; readonly method?: string; readonly path?: string | RegExp }
  /** How many requests meet it; default 1. */
  readonly times?: number
  readonly fault: Fault
}

export interface PlannedFault {
  /** How many requests have met it, for a test that must not pass without its fault. */
  readonly met: number
}

/** The faults that a test plans for requests to come; the one planned first is met first. */
export class Faults {
  #planned: { readonly plan: FaultPlan; met: number }[] = []

  add(plan: FaultPlan): PlannedFault {
    const planned = { plan, met: 0 }
    this.#planned.push(planned)
    return planned
  }

  clear(): void {
    this.#planned = []
  }

  /** The fault that this request meets, if any. */
  meet(request: RecordedRequest): Fault | undefined {
    const planned = this.#planned.find(({ plan, met }) => met < (plan.times ?? 1) && isMeant(plan, request))
    if (planned === undefined) return undefined
    planned.met++
    return planned.plan.fault
  }
}

function isMeant({ when }: FaultPlan, request: RecordedRequest): boolean {
  if (typeof when === 'function') return when(request)
  const { server, method, path } = when
  if (server !== undefined && server !== request.server) return false
  if (method !== undefined && method !== request.method) return false
  return path === undefined || (typeof path === 'string' ? path === request.path : path.test(request.path))
}
