export { serverCertificate, type ServerCertificate } from './certificates.ts'
