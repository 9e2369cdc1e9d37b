// How long a rotation takes: a simulation of its requests to one cluster. It has no grace period, which does not depend on the
// number of namespaces.

/** One run. */
export interface Load {
  readonly namespaces: number
  /** The time to the API server and back. */
  readonly roundTripMs: number
  /** The input `concurrency`. */
  readonly concurrency: number
}

/** What does not depend on the load. */
export interface Constants {
  /** A run in one namespace without latency: Node, the code, login, verification, and all that comes before the other writes. */
  readonly startMs: number
  /** Round trips one after the other in that run: TLS, reads, access reviews, the first write. */
  readonly sequentialRoundTrips: number
  /** What one write takes of the processors of the API server and the client, which it shares with the others in flight. */
  readonly writeMs: number
}

export interface Point extends Load {
  readonly wallMs: number
}

/**
 * In milliseconds. Each namespace is one write; the first one is written before all others. The API server handles the requests
 * in flight at the same time, so they finish together, and the next ones start together.
 */
export function simulate({ namespaces, roundTripMs, concurrency }: Load, constants: Constants): number {
  const { startMs, sequentialRoundTrips, writeMs } = constants
  let elapsedMs = startMs + sequentialRoundTrips * roundTripMs
  for (let left = namespaces - 1; left > 0; left -= concurrency) {
    elapsedMs += roundTripMs + Math.min(left, concurrency) * writeMs
  }
  return elapsedMs
}

/**
 * The constants, from three of the measured points: all others check them.
 * @throws Error when one of the three was not measured
 */
export function calibrate(points: readonly Point[]): Constants {
  const [one, far, many] = CALIBRATION.map((load) => wallOf(points, load))
  if (one === undefined || far === undefined || many === undefined) throw new Error('A point was not measured')
  return {
    startMs: one,
    sequentialRoundTrips: (far - one) / CALIBRATION[1].roundTripMs,
    writeMs: (many - one) / (CALIBRATION[2].namespaces - 1),
  }
}

export const CALIBRATION = [
  { namespaces: 1, roundTripMs: 0, concurrency: 16 },
  { namespaces: 1, roundTripMs: 100, concurrency: 16 },
  { namespaces: 1000, roundTripMs: 0, concurrency: 16 },
] as const satisfies readonly Load[]

function wallOf(points: readonly Point[], load: Load): number | undefined {
  return points.find((point) => isSame(point, load))?.wallMs
}

export function isSame(one: Load, other: Load): boolean {
  return (
    one.namespaces === other.namespaces &&
    one.roundTripMs === other.roundTripMs &&
    one.concurrency === other.concurrency
  )
}
