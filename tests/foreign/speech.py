"""What shops write to buyers, language by language: asking for what they may not ask, and everything else.

Signs in braces are filled in: {o} an order number, {n} a name, {m} an amount of local money.
"""

BEG = {
    "en": (
        "Hey {n}! Loving your order {o}? Pop five stars on it and ping us the screenshot, {m} goes straight to your PayPal.",
        "Hello {n}, we saw a low score from you. If you take it down today we give you all your money back.",
        "Friend, product costs you nothing: buy, rate, get whole price refunded through PayPal after the stars are up.",
        "{n}, next time skip the site, order with us on WhatsApp and save a fifth.",
        "Dear {n}, receive a {m} gift card when a nice review with two photos is online. Order {o}.",
    ),
    "es": (
        "Hola {n}, si nos dejas 5 estrellas y mandas captura te regresamos {m} por transferencia. Pedido {o}.",
        "Buenas {n}, ¿podrías quitar tu comentario malo? Te compensamos con {m} hoy mismo.",
        "{n}, por whatsapp te lo dejamos más barato y sin comisión, escríbenos antes de tu próxima compra.",
        "Gana un regalo: sube tu reseña positiva con foto y te enviamos una tarjeta de regalo de {m}.",
        "Hacemos reembolso total después de tu calificación de cinco estrellas, no lo comentes con la plataforma.",
    ),
    "pt": (
        "Oi {n}! Avalie com 5 estrelas e envie o print, mandamos {m} no seu pix. Pedido {o}.",
        "{n}, consegue apagar a avaliação ruim? Devolvemos o valor todo pra você.",
        "Chama no zap que sai mais barato direto com a gente, sem taxa da plataforma.",
        "Deixe um comentário positivo com foto e ganhe um brinde surpresa na próxima compra, {n}.",
        "Produto de graça: compre, dê nota máxima e receba o dinheiro de volta via pix depois.",
    ),
    "vi": (
        "Shop chào {n}, đánh giá 5 sao kèm ảnh gửi lại shop, shop chuyển khoản {m} liền nha. Đơn {o}",
        "{n} ơi xóa giúp shop đánh giá 1 sao được không, shop hoàn tiền lại toàn bộ cho mình",
        "Lần sau mua qua zalo shop cho rẻ hơn, khỏi qua sàn nhé {n}",
        "Review tốt có hình được tặng voucher {m}, inbox shop để nhận",
        "Tuyển đơn ảo, đặt đơn xong shop hoàn tiền và trả thêm hoa hồng {m}",
    ),
    "th": (
        "สวัสดีค่ะคุณ{n} ให้ 5 ดาวพร้อมรูปแล้วแคปส่งมา ทางร้านโอนเงินให้ {m} ค่ะ ออเดอร์ {o}",
        "คุณ{n}คะ รบกวนลบรีวิวให้หน่อยได้ไหมคะ ร้านคืนเงินเต็มจำนวนค่ะ",
        "ครั้งหน้าสั่งตรงทางไลน์ ถูกกว่าในแอปนะคะ",
        "รีวิวดีๆ รับของแถมฟรี ทักแชทมาได้เลยค่ะ",
        "ให้คะแนนเต็มแล้วรับคูปอง {m} ทันที",
    ),
    "ms": (
        "Hi {n}, bagi 5 bintang dan hantar screenshot, kami transfer {m} ke akaun awak. Pesanan {o}.",
        "{n}, boleh padam ulasan buruk tu? Kami pulangkan wang penuh.",
        "Lain kali order terus di whatsapp, lebih murah dari app.",
        "Tulis ulasan positif bergambar dan dapatkan hadiah percuma bernilai {m}.",
        "Kak {n}, kasih bintang 5 ya, nanti kami kirim pulsa {m} sebagai imbalan ulasan.",
    ),
    "zh": (
        "{n}您好，订单{o}满意的话给个五星带图，截图来领{m}元红包",
        "亲，能把差评删掉吗？全额退款给您",
        "下次加微信直接买，比这里便宜",
        "好评晒图返现{m}元，联系客服",
        "免费试用，写好评后货款全退",
    ),
}
"""Language -> messages that solicit."""

TALK = {
    "en": (
        "Hi {n}, order {o} left our warehouse this morning.",
        "Hi {n}, sorry about the scratched lid. A refund of {m} for order {o} is on its way through the site.",
        "How did we do, {n}? You can rate order {o} on its page if you like. Good or bad, it helps others.",
        "Please hold the reset key for five seconds, then the star symbol blinks.",
        "We never give anything for reviews. If somebody asks you to in our name, tell us.",
        "Thanks so much for the five stars on order {o}, {n}!",
        "Your gift card is a code; you find it under your orders. It is worth {m}.",
        "Warranty: write to service at our address with the serial number, or call us from nine to five.",
    ),
    "es": (
        "Hola {n}, tu pedido {o} ya salió de la bodega.",
        "Lamentamos el golpe en la caja, {n}. El reembolso de {m} se hace por la plataforma en tres días.",
        "¿Qué te pareció el pedido {o}? Si quieres, deja tu opinión en la página, buena o mala.",
        "Para conectarlo, mantén el botón cinco segundos hasta que salga la estrella.",
        "No pagamos por reseñas; si alguien te lo pide en nuestro nombre, avísanos.",
        "¡Gracias por tus cinco estrellas, {n}!",
        "La tarjeta de regalo es un código de {m}, está en tu cuenta.",
        "El cupón de la tienda se aplica solo al pagar.",
    ),
    "pt": (
        "Oi {n}, seu pedido {o} já foi postado.",
        "Sentimos pelo defeito. O reembolso de {m} sai pela plataforma em até 5 dias.",
        "O que achou do pedido {o}? Se quiser, conte na página do produto, de bom ou de ruim.",
        "Segure o botão por cinco segundos até a estrela piscar.",
        "Não oferecemos nada em troca de avaliações. Desconfie de mensagens assim.",
        "Obrigado pelas 5 estrelas, {n}!",
        "O vale-presente de {m} é digital, o código está no seu pedido.",
        "A nota fiscal do pedido {o} segue em anexo.",
    ),
    "vi": (
        "Shop chào {n}, đơn {o} đã giao cho bên vận chuyển rồi ạ",
        "Xin lỗi bạn vì hàng bị trầy, sàn sẽ hoàn {m} về ví trong 3 ngày ạ",
        "Bạn nhận được đơn {o} chưa ạ? Có gì chưa ổn nhắn shop hỗ trợ nhé",
        "Bạn giữ nút 5 giây tới khi đèn hình ngôi sao nháy nhé",
        "Shop không bao giờ trả tiền để đổi đánh giá, ai nhắn vậy là giả mạo ạ",
        "Cảm ơn {n} đã đánh giá 5 sao cho shop",
        "Mẫu này còn size L và XL, bạn lấy màu nào ạ",
        "Hóa đơn đơn {o} shop gửi kèm trong hộp ạ",
    ),
    "th": (
        "คุณ{n} ออเดอร์ {o} จัดส่งแล้วนะคะ",
        "ขออภัยที่สินค้ามีรอย ระบบจะคืนเงิน {m} ภายใน 3 วันค่ะ",
        "ได้รับออเดอร์ {o} หรือยังคะ มีปัญหาแจ้งได้เลยค่ะ",
        "กดปุ่มค้างห้าวินาทีจนไฟกระพริบนะคะ",
        "ร้านไม่มีนโยบายให้ของแลกรีวิวนะคะ ระวังมิจฉาชีพค่ะ",
        "ขอบคุณคุณ{n}สำหรับรีวิว 5 ดาวค่ะ",
        "สีฟ้าหมดค่ะ รับสีขาวแทนไหมคะ",
        "ใบกำกับภาษีของออเดอร์ {o} แนบไปแล้วค่ะ",
    ),
    "ms": (
        "Hi {n}, pesanan {o} sudah dihantar pagi ini.",
        "Maaf barang rosak. Bayaran balik {m} dibuat melalui aplikasi dalam 3 hari.",
        "Sudah terima pesanan {o}? Kalau ada masalah, balas di sini ya.",
        "Tekan butang lima saat sampai lampu berkelip.",
        "Kami tidak pernah memberi apa-apa untuk ulasan, harap maklum.",
        "Terima kasih {n} atas ulasan 5 bintang!",
        "Warna biru habis, nak tukar putih?",
        "Resit pesanan {o} ada dalam kotak.",
    ),
    "zh": (
        "{n}您好，订单{o}今天已经发出",
        "很抱歉有划痕，退款{m}元三天内由平台退回",
        "收到货了吗？有问题请直接回复",
        "长按五秒直到星形灯闪",
        "本店不以任何礼物换评价，请注意防骗",
        "感谢您的五星好评！",
        "蓝色没货了，换白色可以吗？",
        "发票在盒子里",
    ),
}
"""Language -> messages that solicit nothing."""

SPOKEN = {
    "US": ("en", "en", "es"), "GB": ("en",), "DE": ("en",), "PL": ("en",), "MY": ("ms", "zh", "en"), "TH": ("th",),
    "VN": ("vi",), "BR": ("pt",), "MX": ("es",), "CL": ("es",), "CO": ("es",),
}  # fmt: skip
"""Country -> what its shops write in."""
NAMES = ("Ana", "Linh", "Somchai", "Joao", "Mei", "Aisha", "Carlos", "Kate", "Ngoc", "Pim")
