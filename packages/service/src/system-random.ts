/** Randomness for jitter, uniform in [0, 1). Never use it for anything that ends up in data. */
export const systemRandom: () => number = Math.random;
