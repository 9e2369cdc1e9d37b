// The steps of .github/workflows/release.yml: node scripts/release.ts notes|tag|move-major VERSION
//
// They need only Node and git: the jobs that may write install no packages.
import { readFileSync } from 'node:fs'
import { releaseNotes, requireVersion, versionOf } from './release/notes.ts'
import { moveMajorTag, tagVersion } from './release/tags.ts'

const [command, text = ''] = process.argv.slice(2)
const clone = { cwd: process.cwd() }
const read = (name: string) => readFileSync(name, 'utf8')

try {
  const version = versionOf(text)
  switch (command) {
    case 'notes':
      requireVersion(version, {
        'package.json': read('package.json'),
        'package-lock.json': read('package-lock.json'),
      })
      console.log(releaseNotes(read('CHANGELOG.md'), version))
      break
    case 'tag':
      tagVersion(version, clone)
      console.log(`v${version} is on this commit.`)
      break
    case 'move-major': {
      const moved = moveMajorTag(version, clone)
      console.log(moved === undefined ? 'A newer release has the major tag.' : `Moved ${moved} to v${version}.`)
      break
    }
    default:
      throw new Error(`Unknown command "${command}". Commands: notes, tag, move-major`)
  }
} catch (error) {
  console.error((error as Error).message)
  process.exitCode = 1
}
