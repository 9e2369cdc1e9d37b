import { setFlagsFromString } from 'node:v8'

/**
 * Keeps the heap within a small multiple of what is in use. By itself, V8 lets the young generation grow to 64 MiB and the old one to four
 * times what is alive, since memory is cheap for a browser. What a run has in use is small, and a runner in a container has a limit.
 * V8 reads both numbers whenever the heap is to grow.
 * @see https://github.com/v8/v8/blob/main/src/flags/flag-definitions.h `semi_space_growth_factor`, `heap_growing_percent`
 */
export function keepHeapSmall(): void {
  setFlagsFromString('--semi-space-growth-factor=1')
  setFlagsFromString('--heap-growing-percent=100')
}
