<?php
// Fills an empty WordPress with the posts of a JSON file: php fill.php posts.json http://127.0.0.1:8080
$_SERVER['HTTP_HOST'] = parse_url($argv[2], PHP_URL_HOST) . ':' . parse_url($argv[2], PHP_URL_PORT);
define('WP_INSTALLING', true);
require __DIR__ . '/wp-load.php';
require ABSPATH . 'wp-admin/includes/upgrade.php';
function wp_new_blog_notification() {}
function wp_mail() { return true; }
wp_install('Bản tin Công đoàn thử nghiệm', 'bientap', 'bientap@example.org', true, '', 'khong-ai-biet');
wp_delete_post(1, true);
foreach (['timezone_string' => 'Asia/Ho_Chi_Minh', 'posts_per_rss' => 50, 'posts_per_page' => 10,
          'siteurl' => $argv[2], 'home' => $argv[2], 'date_format' => 'd/m/Y', 'template' => 'twentytwentyone',
          'stylesheet' => 'twentytwentyone', 'default_ping_status' => 'closed'] as $key => $value) {
    update_option($key, $value);
}
global $wp_rewrite;
$wp_rewrite->set_permalink_structure('/%year%/%monthnum%/%postname%/');
$wp_rewrite->flush_rules(false);
wp_defer_term_counting(true);
$data = json_decode(file_get_contents($argv[1]), true);
$authors = [];
foreach ($data['authors'] as $number => $name) {
    $authors[$name] = wp_insert_user(['user_login' => "tacgia$number", 'user_pass' => wp_generate_password(),
                                      'display_name' => $name, 'role' => 'author']);
}
$categories = [];
foreach ($data['categories'] as $name) {
    $term = wp_insert_term($name, 'category');
    $categories[$name] = $term['term_id'];
}
$links = [];
foreach ($data['posts'] as $post) {
    $id = wp_insert_post(['post_title' => $post['title'], 'post_status' => 'publish', 'post_date' => $post['date'],
                          'post_author' => $authors[$post['author']], 'post_category' => [$categories[$post['category']]],
                          'post_content' => '<p>' . implode("</p>\n\n<p>", $post['paragraphs']) . '</p>'], true);
    if (is_wp_error($id)) { fwrite(STDERR, $id->get_error_message()); exit(1); }
    $links[] = get_permalink($id);
}
wp_defer_term_counting(false);
echo json_encode($links);
