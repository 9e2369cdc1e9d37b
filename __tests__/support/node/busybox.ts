import { basename, dirname } from 'node:path'
import { requireBinary } from '../binaries.ts'
import type { ImageContent } from '../registry/image.ts'
import { tar } from './tar.ts'

/** The command of an image that runs until it gets a signal. */
export function busyboxContent(): ImageContent {
  const busybox = requireBinary('busybox')
  return {
    layer: tar(dirname(busybox), [basename(busybox)]),
    command: ['/busybox', 'sh', '-c', 'trap exit TERM; /busybox sleep 1d & wait'],
  }
}
