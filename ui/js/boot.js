// Loads the wasm page. A page that cannot start says so instead of staying blank.

import init from '/ui.js';

init().catch((error) => {
    const place = document.getElementById('boot');
    if (place) {
        place.textContent = `The studio could not start: ${error}. Reload the page; a browser of 2023 or newer is needed.`;
    }
    throw error;
});
