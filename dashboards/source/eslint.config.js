import grafana from '@grafana/eslint-config';

export default [{ ignores: ['dist/', 'node_modules/'] }, ...[grafana].flat()];
