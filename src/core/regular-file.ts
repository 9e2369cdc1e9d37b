import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs'

const CHUNK_BYTES = 64 * 1024

/**
 * Reads a file. Nothing else is read: a pipe, or a device such as `/dev/zero`, could block this thread forever, and with
 * it the time limit of the run.
 * @throws Error with a `code`: that of the system, or what is wrong with the file
 */
export function readRegularFile(path: string, maxBytes: number): Buffer {
  // O_NONBLOCK: to open a pipe without a writer would block. Windows has neither.
  const file = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
  try {
    requireRegular(fstatSync(file), maxBytes)
    const chunks: Buffer[] = []
    // Files of `/proc` have no size before they are read.
    for (let length = 0; length <= maxBytes; ) {
      const chunk = Buffer.allocUnsafe(CHUNK_BYTES)
      const read = readSync(file, chunk)
      if (read === 0) return Buffer.concat(chunks)
      chunks.push(chunk.subarray(0, read))
      length += read
    }
    throw tooLarge(maxBytes)
  } finally {
    closeSync(file)
  }
}

/** @throws Error with a `code` when another program must not be asked to read it */
export function requireRegular(file: { readonly size: number; isFile(): boolean }, maxBytes: number): void {
  if (!file.isFile()) throw fileError('it is not a regular file')
  if (file.size > maxBytes) throw tooLarge(maxBytes)
}

function tooLarge(maxBytes: number): Error {
  return fileError(`it is larger than ${maxBytes / 1024 ** 2} MiB`)
}

function fileError(problem: string): Error {
  return Object.assign(new Error(problem), { code: problem })
}
