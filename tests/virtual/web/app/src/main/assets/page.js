document.getElementById('p').textContent += ', mit Skript';
