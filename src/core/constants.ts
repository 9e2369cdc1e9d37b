/** Under this name we own fields of Kubernetes objects, and label what is ours. */
export const MANAGER = 'registry-pull-secret'
