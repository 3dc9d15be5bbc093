// The module that Fuel's web interface loads: a tab of an environment, and a page of its own.
define(['react', 'json!translations/en.json'], function(React, english) {
  'use strict';

  function GaugesTab() {
    return React.createElement('div', {className: 'tide-gauges'}, english.tide_gauges.empty);
  }

  return {
    mixins: [
      {
        type: 'cluster_tab',
        attributes: {
          name: 'tide_gauges',
          after: 'settings',
          visible: function(cluster) {
            return cluster.get('mode') !== 'multinode';
          },
          constructor: GaugesTab
        }
      },
      {
        type: 'route',
        attributes: {
          url: 'tide_gauges',
          handler: function() {
            return GaugesTab;
          }
        }
      }
    ],
    translations: {'en-US': english}
  };
});
