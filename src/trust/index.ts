export { serverCertificate, type ServerCertificate } from './certificates.ts'
export * from './keys/key-pair.ts'
export { createKeyRing, type KeyRing, type RingCertificate } from './keys/key-ring.ts'
export { openVault, type Vault } from './keys/vault.ts'
