export {
  checkSignature,
  parseAccessKey,
  type AccessKey,
  type SignatureProblem,
} from './check-signature.ts';
