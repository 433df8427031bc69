"""A real WordPress on loopback, from Debian's packages: MariaDB and PHP in a folder of their own, gone afterwards."""

import json
import os
import random
import shutil
import subprocess
import time
import urllib.error
import urllib.request
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta
from pathlib import Path

SOFTWARE = Path("/usr/share/wordpress")
THEME = Path("/usr/share/wordpress/wp-content/themes/twentytwentyone")
PROGRAMS = ("mariadbd", "mariadb-install-db", "php")
HERE = Path(__file__).parent
AUTHORS = ["Nguyễn Minh Thư", "Trần Quốc Bảo", "Lê Thị Hoài An", "Phạm Gia Huy"]
CATEGORIES = ["Hoạt động công đoàn", "Chăm lo đoàn viên", "Thi đua yêu nước", "Pháp luật lao động", "Nữ công",
              "Gương người lao động"]
PLACES = ["Bến Thủy", "Phố Nối", "Hòa Lạc", "Sông Mây", "Trà Nóc", "Phú Bài", "Liên Chiểu", "Tân Đức", "Quế Võ",
          "Dung Quất"]
DEEDS = ["trao quà cho đoàn viên khó khăn", "mở lớp bồi dưỡng cán bộ công đoàn", "ký thỏa ước lao động tập thể",
         "tổ chức hội thao mùa thu", "đối thoại với người lao động", "kết nạp đoàn viên mới", "khánh thành nhà Mái ấm",
         "phát động tháng an toàn vệ sinh lao động"]
BODIES = ["Ban Chấp hành Công đoàn khu {place} cho biết {count} đoàn viên đã đăng ký tham gia ngay trong tuần đầu.",
          "Đại diện các tổ sản xuất kể lại chuyện ca kíp, bữa ăn giữa ca và những lần cùng nhau sửa máy trong đêm.",
          "Kinh phí của đợt này là {count} triệu đồng, trích từ quỹ do chính đoàn viên đóng góp trong năm.",
          "Chị Hạnh, công nhân chuyền may số {line}, nói điều quý nhất là có người lắng nghe mình sau giờ tan ca.",
          "Buổi làm việc kết thúc bằng phần hỏi đáp; những câu chưa trả lời được ghi sổ và hẹn ngày phản hồi.",
          "Năm sau, tổ công đoàn khu {place} dự kiến mở thêm {line} điểm sinh hoạt ngay tại các khu nhà trọ."]


def missing():
    """What is not installed, or an empty text."""
    absent = [name for name in PROGRAMS if not shutil.which(name)]
    absent += [str(path) for path in (SOFTWARE / "wp-load.php", THEME) if not path.exists()]
    return ", ".join(absent)


def write_posts(count=300):
    """Our own prose: posts in six categories over four years, the same at every call."""
    chance = random.Random(28071929)
    began = datetime(2021, 1, 4, 7, 30)
    posts = []
    for number in range(count):
        place, deed = chance.choice(PLACES), chance.choice(DEEDS)
        parts = chance.sample(BODIES, 4)
        paragraphs = [f"Công đoàn khu {place} vừa {deed}, lần thứ {number + 1} kể từ khi bản tin này ra đời."]
        paragraphs += [part.format(place=place, count=chance.randint(20, 900), line=chance.randint(2, 19))
                       for part in parts]
        posts.append({"title": f"Công đoàn khu {place} {deed} (số {number + 1})", "author": chance.choice(AUTHORS),
                      "category": CATEGORIES[number % len(CATEGORIES)], "paragraphs": paragraphs,
                      "date": (began + timedelta(hours=number * 4 * 365.25 * 24 / count)).isoformat(" ", "seconds")})
    return {"authors": AUTHORS, "categories": CATEGORIES, "posts": posts}


@contextmanager
def serve_wordpress(folder, port, data):
    """Run WordPress with these posts in a folder; yield its address and the posts' addresses."""
    with ExitStack() as stack:
        socket = start_mariadb(stack, folder)
        site = folder / "site"
        shutil.copytree(SOFTWARE, site)
        theme = site / "wp-content/themes/twentytwentyone"
        if not theme.is_dir():
            shutil.copytree(THEME, theme)
        base = f"http://127.0.0.1:{port}"
        (site / "wp-config.php").write_text(
            "<?php define('DB_NAME', 'tin'); define('DB_USER', 'root'); define('DB_PASSWORD', '');"
            f" define('DB_HOST', 'localhost:{socket}'); define('DB_CHARSET', 'utf8mb4');"
            " define('DISABLE_WP_CRON', true);"
            f" define('WP_CONTENT_DIR', '{site}/wp-content'); define('WP_HTTP_BLOCK_EXTERNAL', true);"
            " define('WP_DEBUG', false); $table_prefix = 'wp_';"
            " if (!defined('ABSPATH')) define('ABSPATH', __DIR__ . '/'); require ABSPATH . 'wp-settings.php';")
        (site / "router.php").write_text(
            "<?php $path = parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH);"
            " if ($path !== '/' && is_file(__DIR__ . $path)) return false;"
            " $_SERVER['SCRIPT_NAME'] = '/index.php'; require __DIR__ . '/index.php';")
        shutil.copy(HERE / "fill.php", site)
        (folder / "posts.json").write_text(json.dumps(data), encoding="utf-8")
        filled = subprocess.run(["php", "fill.php", str(folder / "posts.json"), base], cwd=site, capture_output=True,
                                text=True, check=False)
        if filled.returncode or not filled.stdout.strip().endswith("]"):
            raise RuntimeError(f"WordPress could not be filled: {filled.stdout[-500:]} {filled.stderr[-500:]}")
        links = json.loads(filled.stdout[filled.stdout.rindex("["):])
        php = subprocess.Popen(["php", "-d", "opcache.enable_cli=1", "-S", f"127.0.0.1:{port}", "-t", str(site),
                                str(site / "router.php")], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                               env={**os.environ, "PHP_CLI_SERVER_WORKERS": "2"}, start_new_session=True)
        stack.callback(end, php)
        wait_for(lambda: answers(f"{base}/feed/"))
        yield base, links


def start_mariadb(stack, folder):
    """Start a MariaDB of our own; return its socket."""
    tables, socket = folder / "tables", folder / "db.sock"
    user = ["--user=root"] if os.geteuid() == 0 else []
    subprocess.run(["mariadb-install-db", "--no-defaults", *user, f"--datadir={tables}", "--skip-test-db",
                    "--auth-root-authentication-method=normal"], check=True, capture_output=True)
    server = subprocess.Popen(["mariadbd", "--no-defaults", *user, f"--datadir={tables}", f"--socket={socket}",
                               "--skip-networking", f"--pid-file={folder / 'db.pid'}",
                               "--innodb-flush-log-at-trx-commit=0"],
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    stack.callback(end, server)
    create = ["mariadb", "--no-defaults", "-uroot", f"--socket={socket}", "-e",
              "create database tin character set utf8mb4"]
    wait_for(lambda: subprocess.run(create, capture_output=True, check=False).returncode == 0)
    return socket


def answers(url):
    """Whether a server answers with 200."""
    try:
        with urllib.request.urlopen(url, timeout=10) as response:
            return response.status == 200
    except (urllib.error.URLError, OSError):
        return False


def wait_for(ready, seconds=40):
    """Wait until something is so."""
    until = time.monotonic() + seconds
    while not ready():
        if time.monotonic() > until:
            raise RuntimeError("the server does not come up")
        time.sleep(0.2)


def end(process):
    """End a program we started, and its workers."""
    os.killpg(process.pid, 15)
    try:
        process.wait(15)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, 9)
        process.wait()
