export { nearest } from '#model'
