import { execFileSync } from 'node:child_process'
import { mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { file, folder, pod, withSecret } from '../fixture.ts'
import type { RejectedCase } from './case.ts'

/** Six levels of aliases of ten items each: a million items in some hundred bytes. */
const bomb = [
  'a: &a [1,1,1,1,1,1,1,1,1,1]',
  ...[...'bcdefg'].map((name, index) => `${name}: &${name} [${`*${'abcdef'[index]},`.repeat(10)}]`),
]

const pipe = join(folder.path, 'manifest-pipe')
const directoryOfPipe = join(folder.path, 'pipes')
mkdirSync(directoryOfPipe)
execFileSync('mkfifo', [pipe, join(directoryOfPipe, 'p.yaml')])
const large = file('large.yaml', '#'.repeat(10 * 1024 * 1024 + 1))
const many = join(folder.path, 'many')
mkdirSync(many)
for (let index = 0; index <= 1000; index++) file(`many/${index}.yaml`, '')

function link(name: string, target: string): string {
  const path = join(folder.path, name)
  symlinkSync(target, path)
  return path
}

export const DEPLOY_CASES: readonly RejectedCase[] = [
  [
    'a manifest file that does not exist',
    { ...withSecret, 'manifest-files': 'nowhere/*.yaml' },
    'manifest-files',
    /contains "nowhere\/\*\.yaml", which matches no manifest\. Check the path, and that an earlier step checks out the repository\./,
  ],
  ...(
    [
      ['a pipe', pipe, /pipe" cannot be read \(it is not a regular file\)/],
      [
        'a device',
        '/dev/zero',
        /contains "\/dev\/zero", of which "\/dev\/zero" cannot be read \(it is not a regular file\)/,
      ],
      ['a dangling link', link('dangling.yaml', 'gone'), /dangling\.yaml" cannot be read \(ENOENT\)/],
      ['a link to itself', link('circle.yaml', 'circle.yaml'), /circle\.yaml" cannot be read \(ELOOP\)/],
      ['a glob with a dangling link', join(folder.path, 'dang*'), /dangling\.yaml" cannot be read \(ENOENT\)/],
      ['a directory with a pipe', directoryOfPipe, /p\.yaml" cannot be read \(it is not a regular file\)/],
      ['a file that is too large', large, /large\.yaml" cannot be read \(it is larger than 10 MiB\)/],
    ] as const
  ).map(
    ([what, path, message]): RejectedCase => [
      `${what} as manifest file`,
      { ...withSecret, 'manifest-files': path },
      'manifest-files',
      message,
    ],
  ),
  [
    'too many manifest files',
    { ...withSecret, 'manifest-files': `${many}/*` },
    'manifest-files',
    /matches more than 1000 files or 64 MiB\. Narrow its globs\.$/,
  ],
  ...(
    ['namespace: 5', 'namespace: {a: b}', 'labels: {a: 5}', 'annotations: {a: [b]}', 'annotations: text'] as const
  ).map(
    (field): RejectedCase => [
      `a manifest with ${field}`,
      { ...withSecret, manifest: pod.replace('name: web', `name: web, ${field}`) },
      'manifest',
      /is not valid: the manifest, document 1 \(line 1\) is not a Kubernetes object: (?:each value of )?metadata\.\w+ must be a string/,
    ],
  ),
  [
    'a manifest file that is not YAML',
    { ...withSecret, 'manifest-files': file('broken.yaml', `${pod}---\n: [\n`) },
    'manifest-files',
    /is not valid: .*broken\.yaml is not valid YAML, line \d+: /,
  ],
  [
    'an empty manifest file',
    { ...withSecret, 'manifest-files': file('empty.yaml', '# nothing\n') },
    'manifest-files',
    /is not valid: .*empty\.yaml contains no Kubernetes object/,
  ],
  [
    'a manifest that is not YAML',
    { ...withSecret, manifest: 'kind: Pod\n  name: [' },
    'manifest',
    /is not valid: the manifest is not valid YAML, line \d: /,
  ],
  [
    'a manifest without kind',
    { ...withSecret, manifest: `${pod}---\napiVersion: v1\nmetadata: {name: web}\n` },
    'manifest',
    /is not valid: the manifest, document 2 \(line 6\) is not a Kubernetes object: it has no kind\./,
  ],
  [
    'a manifest that aliases make too large',
    { ...withSecret, manifest: `${pod}data:\n${bomb.map((line) => `  ${line}`).join('\n')}\n` },
    'manifest',
    /is not valid: .*(aliases|too large)/,
  ],
  [
    'an image and a manifest',
    { ...withSecret, manifest: pod, image: 'team/app', 'pod-name': 'web' },
    'image',
    /cannot be combined with `manifest`\. Set only one of them\./,
  ],
  [
    'an image with a space',
    { ...withSecret, image: 'team/my app', 'pod-name': 'web' },
    'image',
    /is "team\/my app"\. Allowed: namespace\/image, with an optional registry host, and :tag or @digest\./,
  ],
  [
    'an image without a Pod name',
    { ...withSecret, image: 'team/app' },
    'pod-name',
    /is required when `image` is set\.$/,
  ],
  [
    'a Pod name without an image',
    { ...withSecret, 'pod-name': 'web' },
    'pod-name',
    /needs `image`, which is not set\.$/,
  ],
  [
    'a Pod name in upper case',
    { ...withSecret, image: 'team/app', 'pod-name': 'Web' },
    'pod-name',
    /is "Web"\. Allowed: lower-case letters, digits, hyphens and dots/,
  ],
  [
    'an image without a tag for the manifests',
    { ...withSecret, manifest: pod, images: 'team/web' },
    'images',
    /contains "team\/web"\. Allowed: name:tag, name@digest, or name=new-name:tag\.$/,
  ],
  [
    'a manifest file with a template',
    {
      ...withSecret,
      'manifest-files': file('template.yaml', `${pod}---\n${pod.replace('team/web', '{{ .Values.image }}')}`),
    },
    'manifest-files',
    /template\.yaml, document 2 \(line 9\) contains a template that was not rendered: \{\{ \.Values\.image \}\}/,
  ],
  [
    'a container name with a dot',
    { ...withSecret, image: 'team/app', 'pod-name': 'web', 'container-name': 'a.b' },
    'container-name',
    /is "a\.b"\. Allowed: lower-case letters, digits and hyphens, for example web\./,
  ],
  [
    'a container name without an image',
    { ...withSecret, 'container-name': 'web' },
    'container-name',
    /needs `image`, which is not set\.$/,
  ],
  [
    'a duration in words',
    { ...withSecret, 'wait-timeout': 'five minutes' },
    'wait-timeout',
    /is "five minutes"\. Allowed: 0, or a number with a unit, for example 90s, 5m, 12h, 30d\./,
  ],
  ['1 for a flag', { ...withSecret, 'recreate-jobs': '1' }, 'recreate-jobs', /is "1"\. Allowed: true, false\./],
  ['0 for a flag', { ...withSecret, 'recreate-pods': '0' }, 'recreate-pods', /is "0"\. Allowed: true, false\./],
]
