/* Every element that upgrades what is already on the page. Without JavaScript the page works as it stands. */
import "./elements/theme-toggle.js";
import "./elements/presenter-toggle.js";
import "./elements/key-help.js";
import "./elements/explain-later.js";
import "./elements/split-view.js";
import "./elements/flight-player.js";
import "./elements/lab-frame.js";
import "./elements/live-rows.js";
import "./elements/sql-console.js";
import "./elements/linked-bytes.js";
import "./elements/copy-code.js";
import "./elements/edit-stages.js";
import "./elements/sent-frame.js";
import "./elements/row-history.js";
import "./elements/expiry-clock.js";
import "./server-says.js";
import "./fresh-token.js";
