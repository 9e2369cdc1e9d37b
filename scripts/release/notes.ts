// What a release needs of CHANGELOG.md and package.json.

/** `1.2.3`, without a leading `v`. @throws Error when the text is no such version */
export function versionOf(text: string): string {
  const version = text.replace(/^v/, '')
  // https://semver.org/#spec-item-2; a pre-release would move the major tag.
  if (!/^(?:0|[1-9]\d*)(?:\.(?:0|[1-9]\d*)){2}$/.test(version)) throw new Error(`"${text}" is not a version like 1.2.3`)
  return version
}

/**
 * The text of the section `## [<version>] - <date>`, without its heading.
 * @throws Error when there is none, or when it is empty
 */
export function releaseNotes(changelog: string, version: string): string {
  const sections = changelog.split(/^## /m).slice(1)
  const section = sections.find((text) => text.startsWith(`[${version}]`))
  if (section === undefined) throw new Error(`CHANGELOG.md has no section "## [${version}] - YYYY-MM-DD"`)
  const [heading = '', ...lines] = section.split('\n')
  if (!/^\[[\d.]+\] - \d{4}-\d{2}-\d{2}$/.test(heading))
    throw new Error(`The heading "## ${heading}" of CHANGELOG.md is not "## [${version}] - YYYY-MM-DD"`)
  // Links that Keep a Changelog puts at the end of the file are not part of the last section.
  const notes = lines
    .join('\n')
    .replace(/(?:^\[[^\]]+\]: \S+\n*)+$/m, '')
    .trim()
  if (!/^- /m.test(notes)) throw new Error(`The section of CHANGELOG.md for ${version} names no change`)
  return notes
}

/** @throws Error when package.json or package-lock.json has another version */
export function requireVersion(version: string, files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    const { version: found } = JSON.parse(text) as { readonly version?: string }
    if (found !== version) throw new Error(`The version in ${name} is ${found}, not ${version}`)
  }
}
