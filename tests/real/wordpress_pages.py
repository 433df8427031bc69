"""Have the real WordPress print our stories in three of its themes: python tests/real/wordpress_pages.py [THEMES_DIR].

Needs Debian's wordpress, wordpress-theme-twentytwentytwo, -three, php-cli, php-mysql and mariadb-server; THEMES_DIR is
where themes stand that are unpacked, not installed. Everything runs on loopback in a temporary folder. The pages are
kept as tests/data/pages/wordpress.json.xz, so that the tests need none of this.
"""

import json
import lzma
import os
import shutil
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from html import escape
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.request import urlopen

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "datasets"), str(ROOT / "tests")]

from page_fixtures import AUTHORS, SECTIONS, Story, load_stories  # noqa: E402

THEMES = ("twentytwentyone", "twentytwentytwo", "twentytwentythree")
SHARE = Path("/usr/share/wordpress")
OUT = ROOT / "tests" / "data" / "pages" / "wordpress.json.xz"
PAGES = 8
HOST = "https://congdoan-wp.example"
INSTALL = """<?php
define('WP_INSTALLING', true);
require __DIR__ . '/wp-load.php';
require ABSPATH . 'wp-admin/includes/upgrade.php';
wp_install('Công đoàn Cao su', 'admin', 'a@congdoan-wp.example', true, '', 'x');
wp_delete_post(1, true); wp_delete_post(2, true);
"""
FILL = """<?php
require __DIR__ . '/wp-load.php';
kses_remove_filters();
update_option('timezone_string', 'Asia/Ho_Chi_Minh');
update_option('date_format', 'd/m/Y');
update_option('home', '@HOST@'); update_option('siteurl', '@HOST@');
global $wp_rewrite;
$wp_rewrite->set_permalink_structure('/%year%/%monthnum%/%postname%/');
$wp_rewrite->flush_rules(false);
foreach (json_decode(file_get_contents(__DIR__ . '/stories.json'), true) as $s) {
  $user = get_user_by('login', $s['login']);
  $uid = $user ? $user->ID : wp_insert_user(['user_login' => $s['login'], 'user_pass' => 'x',
    'display_name' => $s['author']]);
  $term = term_exists($s['section'], 'category') ?: wp_insert_term($s['section'], 'category');
  $id = wp_insert_post(wp_slash(['post_title' => $s['title'], 'post_content' => $s['content'],
    'post_status' => 'publish', 'post_author' => $uid, 'post_date' => $s['date'], 'post_name' => $s['slug'],
    'post_category' => [(int) $term['term_id']], 'tags_input' => ['công đoàn', 'thi đua']]));
  if ($s['comment']) wp_insert_comment(['comment_post_ID' => $id, 'comment_author' => 'Bạn đọc',
    'comment_approved' => 1, 'comment_content' => $s['comment']]);
  echo json_encode(['id' => $id, 'url' => get_permalink($id)]), "\\n";
}
"""


def write_content(story: Story, at: int) -> str:
    """Return a story as its editor keeps it: blocks in even posts, the classic editor's HTML in odd ones."""
    pieces = []
    parts = (("p", story.lead), *story.parts)
    for k, (role, text) in enumerate(parts):
        safe = escape(text, quote=False)
        picture = f'<img src="/wp-content/uploads/{at}{k}.jpg" alt=""/>'
        if role == "row":
            row = "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in text.split(" | ")) + "</tr>"
            if parts[k - 1][0] == "row":
                pieces[-1] = pieces[-1].replace("</tbody>", f"{row}</tbody>")
            else:
                pieces.append(f'<figure class="wp-block-table"><table><tbody>{row}</tbody></table></figure>')
            continue
        classic = {
            "p": safe,
            "heading": f"<strong>{safe}</strong>",
            "item": f"<ul>\n<li>{safe}</li>\n</ul>",
            "caption": f'[caption id="attachment_{k}" align="aligncenter" width="600"]{picture} {safe}[/caption]',
        }
        blocks = {
            "p": f"<!-- wp:paragraph -->\n<p>{safe}</p>\n<!-- /wp:paragraph -->",
            "heading": f"<!-- wp:heading -->\n<h2>{safe}</h2>\n<!-- /wp:heading -->",
            "item": f"<!-- wp:list -->\n<ul><!-- wp:list-item -->\n<li>{safe}</li>\n<!-- /wp:list-item --></ul>\n"
            "<!-- /wp:list -->",
            "caption": f'<!-- wp:image -->\n<figure class="wp-block-image">{picture}'
            f'<figcaption class="wp-element-caption">{safe}</figcaption></figure>\n<!-- /wp:image -->',
        }
        pieces.append((classic if at % 2 else blocks)[role])
    return "\n\n".join(pieces)


def tell_stories() -> list[dict]:
    """Return the posts; every fourth is by the house and signed at its foot."""
    told = load_stories()
    posts = []
    for at in range(PAGES):
        story = told[at * 2] if at % 2 == 0 else told[14 + at * 4]
        name, signed = AUTHORS[at % len(AUTHORS)], at % 4 == 3
        foot = f'\n\n<p style="text-align:right"><strong>{name}</strong></p>' if signed else ""
        posts.append(
            {
                "title": story.title,
                "content": write_content(story, at) + foot,
                "slug": story.id,
                "login": "admin" if signed else f"w{at}",
                "author": name,
                "section": SECTIONS[at % 4],
                "date": f"20{15 + at}-0{at + 1}-1{at} 1{at}:2{at}:00",
                "comment": "Cảm ơn công đoàn, chúng tôi mong năm sau chương trình lại về với khu trọ này."
                if at % 2
                else "",
            }
        )
    return posts


@contextmanager
def run(command: list[str], **more):
    """Run a server while the block runs."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **more)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(20)


def wait(ready) -> None:
    """Wait until a server answers."""
    for _ in range(150):
        try:
            if ready():
                return
        except OSError:
            pass
        time.sleep(0.2)
    raise SystemExit("a server did not start; run its command by hand to see why")


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return sock.getsockname()[1]


def main() -> None:
    """Print the pages and keep them."""
    if not SHARE.is_dir() or not shutil.which("php") or not shutil.which("mariadbd"):
        raise SystemExit("install wordpress, php-cli, php-mysql and mariadb-server first")
    with TemporaryDirectory() as folder:
        base = Path(folder)
        site = base / "site"
        shutil.copytree(SHARE, site, ignore=shutil.ignore_patterns(".htaccess"), ignore_dangling_symlinks=True)
        for extra in sys.argv[1:]:
            shutil.copytree(extra, site / "wp-content" / "themes", dirs_exist_ok=True)
        sock, port = base / "db.sock", free_port()
        (site / "wp-config.php").write_text(
            f"<?php define('DB_NAME', 'wp'); define('DB_USER', '{os.environ.get('USER', 'root')}');"
            "define('DB_PASSWORD', '');"
            f"define('DB_HOST', 'localhost:{sock}'); define('DB_CHARSET', 'utf8mb4'); define('DB_COLLATE', '');"
            f"define('WP_HOME', 'http://127.0.0.1:{port}'); define('WP_SITEURL', 'http://127.0.0.1:{port}');"
            "define('DISABLE_WP_CRON', true); define('WP_HTTP_BLOCK_EXTERNAL', true);"
            "$table_prefix = 'wp_'; if (!defined('ABSPATH')) define('ABSPATH', __DIR__ . '/');"
            "require_once ABSPATH . 'wp-settings.php';"
        )
        (site / "install.php").write_text(INSTALL)
        (site / "fill.php").write_text(FILL.replace("@HOST@", f"http://127.0.0.1:{port}"))
        posts = tell_stories()
        (site / "stories.json").write_text(json.dumps(posts), encoding="utf-8")
        user = os.environ.get("USER", "root")
        subprocess.run(
            ["mariadb-install-db", f"--datadir={base}/db", "--skip-test-db", f"--user={user}"],
            check=True,
            stdout=subprocess.DEVNULL,
        )
        with run(
            [
                "mariadbd",
                f"--datadir={base}/db",
                f"--socket={sock}",
                "--skip-networking",
                f"--user={user}",
                f"--pid-file={base}/pid",
            ]
        ):
            wait(sock.exists)
            time.sleep(2)
            subprocess.run(["mariadb", f"--socket={sock}", f"--user={user}", "-e", "create database wp"], check=True)
            subprocess.run(["php", "install.php"], cwd=site, check=True, stdout=subprocess.DEVNULL)
            made = subprocess.run(["php", "fill.php"], cwd=site, check=True, capture_output=True, text=True).stdout
            urls = [json.loads(line)["url"] for line in made.splitlines() if line.startswith("{")]
            keep_pages(site, port, posts, urls)


def keep_pages(site: Path, port: int, posts: list[dict], urls: list[str]) -> None:
    """Ask for each post in each theme and write the file."""
    kept = []
    with run(["php", "-S", f"127.0.0.1:{port}", "-t", str(site)], cwd=site):
        wait(lambda: socket.create_connection(("127.0.0.1", port), 1))
        for theme in THEMES:
            code = f"require 'wp-load.php'; switch_theme('{theme}');"
            subprocess.run(["php", "-r", code], cwd=site, check=True, stdout=subprocess.DEVNULL)
            for post, url in zip(posts, urls, strict=True):
                html = urlopen(url, timeout=60).read().decode().replace(f"http://127.0.0.1:{port}", HOST)
                kept.append(
                    {
                        "theme": theme,
                        "url": url.replace(f"http://127.0.0.1:{port}", HOST),
                        "slug": post["slug"],
                        "author": post["author"],
                        "date": post["date"],
                        "html": html,
                    }
                )
                print(theme, url, len(html))
    OUT.write_bytes(lzma.compress(json.dumps(kept, ensure_ascii=False, indent=0).encode(), preset=9))


if __name__ == "__main__":
    main()
