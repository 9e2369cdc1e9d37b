import { setFlagsFromString } from 'node:v8'
import { once } from '../core/once.ts'

/**
 * undici parses HTTP/1.1 by WebAssembly, most of which is one function. V8 optimizes that after some kilobytes of responses, on another
 * thread: a quarter of the CPU time of a run that writes one secret, and of its memory. No run receives enough responses to gain from it.
 * This sets the budget after which V8 optimizes a function to its maximum. V8 reads it when it compiles the parser.
 * @see https://v8.dev/docs/wasm-compilation-pipeline#tier-up
 */
export const keepParserUnoptimized = once(() => setFlagsFromString('--wasm-tiering-budget=2147483647'))
