/* Browsers start no worker for a page that was opened from a folder, and search needs one: there
 * its script runs in a hidden frame instead. Elsewhere this does nothing. */
(function () {
  "use strict";
  if (location.protocol !== "file:") {
    return;
  }
  function FrameWorker(address) {
    var worker = this;
    var target = new EventTarget();
    var waiting = [];
    var frame = document.createElement("iframe");
    var script = document.createElement("script");
    var inside;
    worker.onmessage = worker.onerror = null;
    worker.addEventListener = target.addEventListener.bind(target);
    worker.removeEventListener = target.removeEventListener.bind(target);
    worker.dispatchEvent = target.dispatchEvent.bind(target);
    worker.terminate = function () {
      frame.remove();
    };
    worker.postMessage = function (data) {
      if (inside) {
        inside.dispatchEvent(new inside.MessageEvent("message", { data: data }));
      } else {
        waiting.push(data);
      }
    };
    frame.hidden = true;
    frame.title = "search";
    document.body.appendChild(frame);
    var scope = frame.contentWindow;
    scope.postMessage = function (data) {
      setTimeout(function () {
        target.dispatchEvent(new MessageEvent("message", { data: data }));
      });
    };
    scope.importScripts = function () {
      return Array.prototype.slice.call(arguments).reduce(function (before, source) {
        return before.then(function () {
          return new Promise(function (done, fail) {
            var more = scope.document.createElement("script");
            more.src = source;
            more.onload = done;
            more.onerror = fail;
            scope.document.body.appendChild(more);
          });
        });
      }, Promise.resolve());
    };
    target.addEventListener("message", function (event) {
      if (typeof worker.onmessage === "function") {
        worker.onmessage(event);
      }
    });
    script = scope.document.createElement("script");
    script.src = new URL(address, location.href).href;
    script.onload = function () {
      inside = scope;
      waiting.splice(0).forEach(worker.postMessage);
    };
    scope.document.body.appendChild(script);
  }
  window.Worker = FrameWorker;
})();
