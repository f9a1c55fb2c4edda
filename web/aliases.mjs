// Libraries written for React (the zone editor's) stand on Preact's own layer; tsconfig.json says the same to the type checker.
export const ALIASES = { react: 'preact/compat', 'react-dom': 'preact/compat', 'react/jsx-runtime': 'preact/jsx-runtime' };
