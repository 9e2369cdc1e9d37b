import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs'

/**
 * Reads a text file. Nothing else is read: a pipe, or a device such as `/dev/zero`, could block this thread for ever, and with
 * it the time limit of the run.
 * @throws Error with a `code`: that of the system, or what is wrong with the file
 */
export function readRegularFile(path: string, maxBytes: number): string {
  // O_NONBLOCK: to open a pipe without a writer would block. Windows has neither.
  const file = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
  try {
    requireRegular(fstatSync(file), maxBytes)
    const bytes = Buffer.allocUnsafe(maxBytes + 1)
    let length = 0
    // Files of `/proc` have no size before they are read.
    for (let read = -1; read !== 0 && length <= maxBytes; length += read)
      read = readSync(file, bytes, length, Math.min(CHUNK_BYTES, bytes.length - length), null)
    if (length > maxBytes) throw tooLarge(maxBytes)
    return bytes.toString('utf8', 0, length)
  } finally {
    closeSync(file)
  }
}

const CHUNK_BYTES = 1024 * 1024

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
