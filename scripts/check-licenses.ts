// Checks that each package which a run needs has a license that allows its use in an Apache-2.0 project: those of
// package-lock.json, and those that are in dist.
//
//   node scripts/check-licenses.ts
import { readFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'

/** https://www.apache.org/legal/resolved.html#category-a; PSF-2.0 and Unlicense are permissive as well. */
const ALLOWED: readonly string[] = [
  'Apache-2.0',
  'MIT',
  'ISC',
  'BSD-2-Clause',
  'BSD-3-Clause',
  '0BSD',
  'PSF-2.0',
  'Unlicense',
]

interface LockedPackage {
  readonly license?: string
  readonly dev?: boolean
  readonly optional?: boolean
  readonly devOptional?: boolean
}

/** One sentence for each package that has another license, or none. */
export function licenseProblems(lock: string, licenses: string): string[] {
  const { packages } = JSON.parse(lock) as { readonly packages: Readonly<Record<string, LockedPackage>> }
  const locked = Object.entries(packages)
    // The root is this project. Development tools and the optional Node are in no run.
    .filter(([path, { dev, optional, devOptional }]) => path !== '' && !dev && !optional && !devOptional)
    .map(([path, { license }]) => ({ name: path.replace(/^.*node_modules\//, ''), license }))
  const bundled = [...licenses.matchAll(/^Name: (.*)\n(?:Version: .*\n)?(?:License: (.*)\n)?/gm)].map(
    ([, name, license]) => ({ name, license }),
  )
  if (bundled.length === 0) return ['dist/licenses.txt lists no package']
  return [...locked, ...bundled]
    .filter(({ license }) => license === undefined || !ALLOWED.includes(license))
    .map(
      ({ name, license }) =>
        `${name} has the license ${license ?? '(none)'}, which is not one of ${ALLOWED.join(', ')}`,
    )
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const problems = licenseProblems(readFileSync('package-lock.json', 'utf8'), readFileSync('dist/licenses.txt', 'utf8'))
  for (const problem of problems) console.error(problem)
  if (problems.length > 0) process.exit(1)
  console.log('All licenses are allowed.')
}
