import { LABEL, SUBDOMAIN } from '../../kubernetes/names.ts'
import { defineInputs } from './row.ts'

export const DEPLOY_INPUTS = defineInputs({
  'manifest-files': {
    type: 'list',
    description: 'Manifests to apply, newline- or comma-separated: paths, directories and globs of YAML or JSON files.',
  },
  manifest: {
    type: 'text',
    description: 'Manifest to apply, inline.',
  },
  images: {
    type: 'list',
    allowed: 'name:tag, name@digest, or name=new-name:tag',
    conflictsWith: ['image'],
    description:
      'Images of the manifests to replace, newline- or comma-separated: `name:tag`, `name@digest` or `name=new-name:tag`, for every container with the image `name`.',
  },
  image: {
    type: 'text',
    pattern: /^[\w./:@-]+$/,
    allowed: 'namespace/image, with an optional registry host, and :tag or @digest',
    conflictsWith: ['manifest', 'manifest-files'],
    description:
      'Instead of a manifest: apply a Pod with this image. An image without a registry host gets the first `docker-server`; an image without a tag gets `latest`.',
  },
  'pod-name': {
    type: 'text',
    pattern: SUBDOMAIN,
    allowed: 'lower-case letters, digits, hyphens and dots, for example my-pod',
    needs: 'image',
    required: { with: 'image' },
    description: 'Name of that Pod.',
  },
  'container-name': {
    type: 'text',
    pattern: LABEL,
    allowed: 'lower-case letters, digits and hyphens, for example web',
    needs: 'image',
    derivedDefault: '`pod-name`',
    description: 'Name of its container.',
  },
  'wait-timeout': {
    type: 'duration',
    default: '5m',
    description: 'How long to wait until every applied workload is ready. `0`: do not wait.',
  },
  'recreate-pods': {
    type: 'flag',
    default: 'false',
    description: 'Delete and create a Pod again when the API server rejects a change to it.',
  },
  'recreate-jobs': {
    type: 'flag',
    default: 'false',
    description:
      'Delete and create a finished Job again when the API server rejects a change to it, such as a new image. A Job that has not finished is never deleted.',
  },
})
