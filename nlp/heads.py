"""The head nouns of organisations' names, and the words such names may hold in lower case."""

from dataclasses import dataclass

from nlp.syllables import Phrases


@dataclass(frozen=True, slots=True)
class Head:
    """A head noun. `grammar` says what may follow; `lower` that it may be written small; `alone` that it names a body by itself."""

    text: str
    grammar: str
    lower: bool = False
    alone: bool = False


# union: a level, a place, a sector · council: a level or a place · party: the same, and definite alone ·
# inner: a committee or office inside another body · board: a board with a name of its own, then its body or place ·
# state: departments · firm, school, house, press, fund, society, army: proper names · block: emulation blocks.
TABLE: dict[str, str] = {
    "federation": "Liên đoàn Lao động|LĐLĐ|Liên đoàn LĐ|LĐ LĐ|Liên Đoàn Lao Động|L.Đ.L.Đ|Liên đoàn Lao động (LĐLĐ)",
    "council": (
        "UBND|Ủy ban nhân dân|HĐND|Hội đồng nhân dân|Ủy ban MTTQ|UBMTTQ|Ủy ban Mặt trận Tổ quốc|Ủy ban Mặt trận Tổ quốc Việt Nam|"
        "Mặt trận Tổ quốc|MTTQ|Ủy ban MTTQ Việt Nam|UBMTTQ Việt Nam|UBMTTQVN|MTTQ Việt Nam|Mặt trận Tổ quốc Việt Nam|"
        "Ủy ban MTTQVN|Đảng bộ|Đoàn đại biểu Quốc hội|Đoàn ĐBQH|Công an|Bộ Chỉ huy Quân sự|BCH Quân sự|Bộ CHQS|"
        "Ban Chỉ huy Quân sự|Ban CHQS|Bộ đội Biên phòng|Bộ Chỉ huy Bộ đội Biên phòng|BĐBP|Bảo hiểm xã hội|BHXH|"
        "Tòa án nhân dân|TAND|Viện kiểm sát nhân dân|VKSND|Kho bạc Nhà nước|Cục Thuế|Chi cục Thuế|Cục Thống kê|Thanh tra|"
        "Văn phòng Đoàn ĐBQH và HĐND|Văn phòng HĐND và UBND|Văn phòng UBND|Hội đồng Thi đua - Khen thưởng|"
        "Hội đồng Thi đua Khen thưởng|Hội đồng thi đua, khen thưởng|Hội đồng thi đua|Ban Thi đua - Khen thưởng|"
        "Ban Thi đua Khen thưởng|Ban Dân tộc|Hải quan|Cục Hải quan|Bưu điện|Điện lực|Viễn thông|Thị đoàn|Quận đoàn"
    ),
    "party": "Tỉnh ủy|Thành ủy|Huyện ủy|Quận ủy|Thị ủy|Tỉnh đoàn|Thành đoàn|Huyện đoàn",
    "cell": "Đảng ủy|Chi bộ|Đảng đoàn|Ban Cán sự Đảng|Ban cán sự đảng|Đoàn Thanh niên|Chi đoàn|Công đoàn bộ phận",
    "union": "Công đoàn|CĐ|Công đoàn ngành|CĐ ngành|CĐN|Nghiệp đoàn",
    "branch": "CĐCS|Công đoàn cơ sở|CĐ cơ sở|Công đoàn CS",
    "civil": "CĐVC|CĐGD|CĐYT|CĐXD|CĐCT|CĐ GTVT|CĐ NN&PTNT|CĐKCN|CĐ các KCN|CĐ KCN|CĐ KKT",
    "inner": (
        "Ban Chấp hành|BCH|Ban Thường vụ|BTV|Thường trực|Ủy ban Kiểm tra|UBKT|Đoàn Chủ tịch|Hội đồng thành viên|"
        "Hội đồng Quản trị|HĐQT|Thường vụ|Văn phòng|Ban Nữ công|Ban Tổ chức|Ban Tuyên giáo|Ban Dân vận|Ban Nội chính|"
        "Ban Chính sách - Pháp luật|Ban Chính sách Pháp luật|Ban Chính sách - Pháp luật và Quan hệ lao động|Ban Tài chính|"
        "Ban Quan hệ lao động|Ban Tuyên giáo - Nữ công|Ban Tổ chức - Kiểm tra|Ban Tuyên giáo và Dân vận|Ban Đối ngoại|"
        "Ban Tuyên giáo và Nữ công|Ban Công tác công đoàn|Ban Xây dựng Đảng|Ban Pháp chế|Ban Văn hóa - Xã hội|"
        "Ban Kinh tế - Ngân sách|Ban Kiểm tra|Ban Thanh tra nhân dân|Cơ quan|Ban Công tác|Ủy ban Kiểm tra các cấp"
    ),
    "board": "Ban Quản lý|Ban quản lý|BQL|Ban Chỉ đạo|Ban Quản lý dự án|Hội đồng|Ban Đại diện|Ủy ban|Tổ công tác|Ban",
    "state": "Bộ|Sở|Cục|Vụ|Tổng cục|Chi cục|Phòng|Hạt Kiểm lâm|Đội Quản lý thị trường|Viện Kiểm soát|Thanh tra Sở",
    "firm": (
        "Công ty|Cty|C.ty|Tổng công ty|TCT|Tập đoàn|Hợp tác xã|HTX|Xí nghiệp|XN|Nhà máy|Doanh nghiệp tư nhân|DNTN|Ngân hàng|"
        "Đại lý|Cửa hàng|Khách sạn|Nhà hàng|Siêu thị|Nông trường|Lâm trường|Liên hiệp|Liên hiệp HTX|Quỹ tín dụng|Cảng|"
        "Cảng vụ|Chi nhánh|Mỏ than|Nhà in|Liên danh|Hộ kinh doanh|Quỹ tín dụng nhân dân|Xưởng|Trang trại|Công ty mẹ|Ban điều hành"
    ),
    "school": "Trường|Đại học|Học viện|Trường Đại học|Trường ĐH|ĐH|Trường Cao đẳng|Cao đẳng|Trường Chính trị|Phân hiệu",
    "house": (
        "Bệnh viện|BV|Trung tâm|Viện|Nhà khách|Cung|Cung Văn hóa|Nhà Văn hóa|Nhà văn hóa|Bảo tàng|Nhà hát|Thư viện|"
        "Trạm Y tế|Trạm|Đài Phát thanh - Truyền hình|Đài|Vườn quốc gia|Nhà Thiếu nhi|Nhà thi đấu|Trại giam|Phòng khám"
    ),
    "press": "Báo|Tạp chí|Nhà xuất bản|NXB|Cổng Thông tin điện tử|Thông tấn xã|Kênh",
    "fund": "Quỹ|Câu lạc bộ|CLB",
    "society": (
        "Hội|Hiệp hội|Tổng hội|Liên minh|Đoàn|Tổ chức|Liên đoàn|Hội Liên hiệp Phụ nữ|Hội LHPN|Hội Nông dân|"
        "Hội Cựu chiến binh|Hội CCB|Hội Chữ thập đỏ|Hội Doanh nhân trẻ|Hội Khuyến học|Liên hiệp các Hội|Mặt trận|Hội Thầy thuốc trẻ"
    ),
    "army": "Quân khu|Quân đoàn|Binh đoàn|Sư đoàn|Lữ đoàn|Trung đoàn|Tiểu đoàn|Vùng|Quân chủng|Binh chủng|Đồn Biên phòng|Bộ Tư lệnh",
    "block": "Khối thi đua|Cụm thi đua|Khối Doanh nghiệp|Cụm Thi đua số|Khối Thi đua số|Cụm Công đoàn|Cụm văn hóa thể thao",
}
# Written small they are still the head of a name when a capital follows.
LOWER = {"firm", "school", "house", "council", "party", "federation"}
NEVER_LOWER = {
    "đại lý", "cửa hàng", "xưởng", "trang trại", "cảng", "công an", "điện lực", "viễn thông", "bưu điện", "thanh tra", "viện", "cung",
    "đài", "trạm", "thư viện", "bv", "đh", "xn", "liên hiệp", "chi nhánh", "đảng bộ", "hải quan", "phân hiệu", "bảo hiểm xã hội",
    "mặt trận tổ quốc", "ban dân tộc", "trung tâm", "nhà hàng", "siêu thị",
}  # fmt: skip
HEADS: Phrases[Head] = Phrases(
    (text, Head(text, grammar, grammar in LOWER and text.casefold() not in NEVER_LOWER, grammar == "party"))
    for grammar, texts in TABLE.items()
    for text in texts.split("|")
)
# "Hội nghị", "Ban Tổ chức", "Đoàn công tác": the head noun begins another word here.
NO_HEADS: Phrases[bool] = Phrases(
    (text, True)
    for text in ["hội nghị", "hội thi", "hội thảo", "hội trường", "hội chợ", "hội thao", "hội diễn", "hội viên", "hội xuân", "hội đàm", "hội ý", "hội làng", "hội khỏe", "hội nhập", "nhà trường", "thị trường", "môi trường", "công trường", "lập trường", "đoàn viên", "đoàn kết", "đoàn công tác", "đoàn kiểm tra", "đoàn giám sát", "đoàn thể", "đoàn thăm", "đoàn khảo sát", "ban giám đốc", "ban giám hiệu", "ban lãnh đạo", "ban giám khảo", "ban ngành", "ban đêm", "ban bí thư", "ban tổng giám đốc", "ban hành", "báo cáo", "báo chí", "báo hiếu", "báo đài", "bộ phận", "bộ ngành", "bộ máy", "bộ luật", "bộ đội", "bộ trưởng", "bộ môn", "bộ mặt", "bộ tiêu chí", "bộ quy tắc", "sở hữu", "sở dĩ", "sở thích", "sở ngành", "vụ việc", "vụ án", "cục diện", "cục bộ", "phòng chống", "phòng ngừa", "phòng họp", "phòng trọ", "trường hợp", "trường học", "trường kỳ", "đại học hóa", "viện trợ", "viện dẫn", "đài tưởng niệm", "đài liệt sĩ", "cung cấp", "cung ứng", "tổ chức lễ", "tổ chức hội nghị", "tổ chức công đoàn", "tổ chức đảng", "tổ chức tết", "vùng sâu", "vùng cao", "vùng đất", "trạm thu phí", "quỹ đất", "quỹ lương", "quỹ thời gian", "kênh phân phối", "văn phòng phẩm", "thường vụ quốc hội", "ủy ban các cấp", "hội đồng xét", "liên hiệp quốc", "liên hợp quốc", "liên minh châu", "cảng biển", "cao đẳng nghề và", "đoàn chủ tịch đại hội", "cơ quan trung ương"]
)
SECTORS: Phrases[bool] = Phrases(
    (text, True)
    for text in ["Giáo dục", "Giáo dục và Đào tạo", "Giáo dục & Đào tạo", "Giáo dục - Đào tạo", "GD&ĐT", "GD-ĐT", "GD ĐT", "GDĐT", "Y tế", "Công Thương", "Xây dựng", "Giao thông vận tải", "Giao thông - Vận tải", "GTVT", "Giao thông", "Nông nghiệp và Phát triển nông thôn", "Nông nghiệp và PTNT", "Nông nghiệp & PTNT", "NN&PTNT", "NN và PTNT", "Nông nghiệp - PTNT", "Nông nghiệp", "Nông nghiệp và Môi trường", "Ngân hàng", "Viên chức", "Đường sắt", "Hàng hải", "Bưu điện", "Thông tin và Truyền thông", "Thông tin - Truyền thông", "TT&TT", "Dầu khí", "Điện lực", "Than - Khoáng sản", "Than Khoáng sản", "Than", "Cao su", "Dệt May", "Dệt - May", "Dệt may", "Hàng không", "Công an nhân dân", "CAND", "Quốc phòng", "Hóa chất", "Xi măng", "Thuốc lá", "Giấy", "Thép", "Lương thực - Thực phẩm", "Lương thực", "Thủy sản", "Văn hóa", "Du lịch", "Công nghiệp", "Công nghiệp và Thương mại", "Thương mại", "Thương mại - Du lịch", "Bưu chính - Viễn thông", "Bưu chính Viễn thông", "Kho bạc", "Thuế", "Hải quan", "Kiểm lâm", "Tài chính", "Tư pháp", "Nội vụ", "Thủy lợi", "Cà phê", "Chè", "Muối", "Vận tải", "Xăng dầu", "Tài nguyên và Môi trường", "Khoa học và Công nghệ", "KH&CN", "Lao động - Thương binh và Xã hội", "LĐ-TB&XH", "Văn hóa, Thể thao và Du lịch", "VH-TT&DL", "Doanh nghiệp"]
)
ZONES: Phrases[bool] = Phrases(
    (text, True)
    for text in ["khu công nghiệp", "KCN", "khu kinh tế", "KKT", "khu chế xuất", "KCX", "khu công nghệ cao", "KCNC", "khu CNC", "khu chế xuất và công nghiệp", "khu chế xuất - khu công nghiệp", "KCX-KCN", "KCX - KCN", "KCX&KCN", "KCX và KCN", "KCN-CX", "KCN&CX", "KCN-KCX", "KCN và CX", "công nghiệp và chế xuất", "khu công nghiệp - chế xuất", "công nghiệp - chế xuất", "công nghiệp", "chế xuất", "khu kinh tế mở", "khu nông nghiệp công nghệ cao"]
)
# Forms of enterprise and of school: part of the name, but no name yet.
FORMS: Phrases[bool] = Phrases(
    (text, True)
    for text in ["TNHH", "TNHH MTV", "TNHH Một thành viên", "TNHH 1 thành viên", "TNHH 1TV", "TNHH Hai thành viên", "trách nhiệm hữu hạn", "trách nhiệm hữu hạn một thành viên", "TNHH một thành viên", "cổ phần", "CP", "MTV", "một thành viên", "liên doanh", "LD", "TM", "DV", "TM&DV", "TM-DV", "SX", "SX-TM", "XNK", "ĐT", "TMCP", "thương mại cổ phần", "hợp danh", "mầm non", "MN", "mẫu giáo", "tiểu học", "TH", "THCS", "THPT", "TH&THCS", "TH và THCS", "THCS&THPT", "THCS và THPT", "PTDTNT", "PTDTBT", "phổ thông dân tộc nội trú", "phổ thông dân tộc bán trú", "dân tộc nội trú", "trung học cơ sở", "trung học phổ thông", "đại học", "ĐH", "cao đẳng", "CĐ", "cao đẳng nghề", "trung cấp", "trung cấp nghề", "dạy nghề", "chính trị", "liên cấp", "phổ thông", "nghiệp vụ", "chuyên", "đa khoa", "ĐK", "số", "mầm non tư thục", "tư thục", "dân lập", "công lập"]
)
# What names hold in small letters between their capitals.
INSIDE: Phrases[bool] = Phrases(
    (text, True)
    for text in ["xi măng", "trà", "chè", "may", "may mặc", "giày", "giày da", "da giày", "dệt", "dệt may", "điện", "nước", "nước sạch", "cấp nước", "thoát nước", "cấp thoát nước", "đô thị", "môi trường", "môi trường đô thị", "công trình", "công trình đô thị", "xổ số", "kiến thiết", "xổ số kiến thiết", "xây dựng", "xây lắp", "thương mại", "dịch vụ", "sản xuất", "chế biến", "thủy sản", "hải sản", "xuất nhập khẩu", "xuất khẩu", "nhập khẩu", "vận tải", "giao thông", "giao thông vận tải", "dược", "dược phẩm", "bánh kẹo", "lương thực", "thực phẩm", "nông nghiệp", "công nghệ", "công nghệ cao", "công nghiệp", "du lịch", "khách sạn", "cao su", "phân bón", "hóa chất", "gỗ", "giấy", "in", "bao bì", "nhãn hàng", "nhựa", "thép", "cơ khí", "than", "khoáng sản", "dầu khí", "xăng dầu", "viễn thông", "bưu điện", "bưu chính", "kỹ thuật", "đầu tư", "phát triển", "kinh doanh", "bất động sản", "quốc gia", "quốc tế", "nhà nước", "hữu nghị", "lao động", "khoa học", "nghiên cứu", "giáo dục", "đào tạo", "bảo hiểm", "bảo hiểm xã hội", "xã hội", "việc làm", "quản lý", "khai thác", "thủy lợi", "công trình thủy lợi", "công ích", "khu công nghiệp", "kinh tế", "chăn nuôi", "thức ăn", "thức ăn chăn nuôi", "gia súc", "mía đường", "đường", "muối", "bia", "rượu", "nước giải khát", "sữa", "thuốc lá", "sợi", "kim", "điện tử", "linh kiện", "linh kiện điện tử", "ô tô", "xe máy", "cảng", "hàng không", "hàng hải", "đường sắt", "đường bộ", "điện lực", "thủy điện", "nhiệt điện", "truyền tải", "năng lượng", "truyền thông", "tư vấn", "pháp luật", "tư vấn pháp luật", "thiết kế", "kiểm định", "y tế", "y học cổ truyền", "sản nhi", "phụ sản", "đa khoa", "tâm thần", "phục hồi chức năng", "điều dưỡng", "phòng chống", "kiểm soát", "bệnh tật", "kiểm soát bệnh tật", "giới thiệu", "dịch vụ việc làm", "văn hóa", "thể thao", "thể dục thể thao", "nghệ thuật", "thiếu nhi", "thanh niên", "thiếu niên", "phụ nữ", "cựu chiến binh", "chữ thập đỏ", "nhân dân", "nông dân", "nông thôn", "phát triển nông thôn", "khuyến nông", "quỹ đất", "văn thư", "lưu trữ", "tài nguyên", "tài chính", "kế hoạch", "tổng hợp", "ứng dụng", "chuyển giao", "tiến bộ", "khu vực", "miền", "trung ương", "vùng", "biển", "lâm nghiệp", "trồng trọt", "bảo vệ thực vật", "thú y", "giống", "cây trồng", "vật nuôi", "hành chính công", "phục vụ", "bê tông", "vật liệu", "vật liệu xây dựng", "gạch", "gốm sứ", "gốm", "sứ", "thủ công", "mỹ nghệ", "thủ công mỹ nghệ", "mây tre", "mây tre lá", "nội thất", "trang trí", "dân dụng", "hạ tầng", "địa ốc", "nhà", "phát triển nhà", "giải thưởng", "học sinh", "sinh viên", "thương binh", "người khuyết tật", "trẻ em", "mồ côi", "phát thanh", "truyền hình", "phát thanh - truyền hình", "an toàn", "vệ sinh", "cổ phần", "phổ thông", "cơ sở", "tư nhân", "tiêu dùng", "hàng tiêu dùng", "kho vận", "giao nhận", "hợp tác", "tín dụng", "chính sách", "ngoại thương", "công thương", "thương tín", "thiên tai", "bà mẹ", "lâm sàng", "mắt", "da liễu", "lao", "phổi", "đoàn viên", "công đoàn", "công nhân", "cán bộ", "phát triển đoàn viên", "tháng công nhân", "sửa chữa", "bảo dưỡng", "bảo trì", "thí nghiệm", "luyện kim", "cán thép", "cơ điện", "điện cơ", "điện máy", "điện lạnh", "hậu cần", "cung ứng", "tàu thủy", "đóng tàu", "đóng mới", "chế tạo", "chế tạo máy", "máy", "thiết bị", "phụ tùng", "vật tư", "nguyên liệu", "nguyên phụ liệu", "phụ liệu", "kho bãi", "bốc xếp", "xếp dỡ", "vệ tinh", "tin học", "phần mềm", "chứng khoán", "kiểm toán", "kế toán", "bảo vệ", "vệ sĩ", "an ninh", "cây xanh", "chiếu sáng", "công viên", "nghĩa trang", "cấp điện", "lưới điện", "phân phối", "mua bán", "bán lẻ", "siêu thị", "thời trang", "thêu", "len", "da", "túi xách", "đồ chơi", "đồ gỗ", "lâm sản", "nông sản", "rau quả", "thực phẩm chức năng", "dinh dưỡng", "thuốc", "dược liệu", "trang thiết bị", "trang thiết bị y tế", "vắc xin", "huyết học", "truyền máu", "tim mạch", "ung bướu", "nội tiết", "răng hàm mặt", "tai mũi họng", "giám định", "pháp y", "quản trị", "nhân lực", "nguồn nhân lực", "xuất khẩu lao động", "bồi dưỡng", "nhà giáo", "cán bộ quản lý", "ngoại ngữ", "ngoại ngữ tin học", "chất lượng", "chất lượng cao", "đo lường", "tiêu chuẩn", "khí tượng", "thủy văn", "khí tượng thủy văn", "địa chất", "trắc địa", "bản đồ", "mỏ", "đá", "cát", "sỏi", "vôi", "đất hiếm", "alumin", "nhôm", "kẽm", "thiếc", "đồng", "vàng bạc", "đá quý", "nhiên liệu", "khí", "khí đốt", "gas", "lọc hóa dầu", "hóa dầu", "phân đạm", "đạm", "lốp", "săm lốp", "pin", "ắc quy", "cà phê", "hồ tiêu", "điều", "dừa", "lúa gạo", "đông lạnh", "súc sản"]
)
# Small letters that may also close a name.
CLOSING: Phrases[bool] = Phrases(
    (text, True)
    for text in ["công nghệ cao", "nhà nước", "quốc gia", "quốc tế", "đô thị", "tối cao", "cấp cao", "quân đội", "nhân dân", "công đoàn", "nông thôn", "xã hội", "việc làm", "đoàn viên", "phát triển đoàn viên", "môi trường", "lao động", "chữ thập đỏ", "thương binh", "pháp luật", "trung ương", "khoáng sản", "xăng dầu", "tổng hợp", "khu vực", "vận tải", "thể thao", "du lịch", "đào tạo", "y tế", "xây dựng", "phụ nữ", "nông dân", "thanh niên", "cựu chiến binh", "kiểm tra", "dân vận", "tuyên giáo", "nội vụ", "khen thưởng", "thi đua khen thưởng", "đa khoa", "y học cổ truyền", "thủy sản", "truyền thông", "truyền hình", "nghề nghiệp", "giáo dục thường xuyên", "hướng nghiệp", "điện ảnh", "phát triển nông thôn", "pháp chế", "nữ công", "đại chúng"]
)
