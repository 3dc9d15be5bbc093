// The runtime part: registers the class as a source of libraries.
"use strict";

const { Library } = require("./library.js");

module.exports = function (RED) {
  class ShopfrontLibrary extends Library {
    constructor(config) {
      super(config, (message) => RED.log.warn(`[node-red-library-shopfront] ${message}`));
    }
  }

  RED.plugins.registerPlugin("node-red-library-shopfront", {
    type: "node-red-library-source",
    class: ShopfrontLibrary,
  });
};
