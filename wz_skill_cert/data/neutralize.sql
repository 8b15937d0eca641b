-- The real keys sign nothing in a copy: it makes one of its own at its first certificate.
UPDATE skill_cert_signing_key
   SET private_key = NULL, state = 'retired', retired_on = (now() AT TIME ZONE 'Asia/Shanghai')::date
 WHERE state = 'active';
UPDATE skill_cert_signing_key
   SET private_key = NULL
 WHERE private_key IS NOT NULL;

-- QR codes of a copy lead to no real page. Numbers, papers and pages are marked by the flag that Odoo itself sets.
INSERT INTO ir_config_parameter (key, value)
VALUES ('wz_skill_cert.public_address', 'https://test.invalid'),
       ('wz_skill_cert.public_address_reason', '测试副本')
    ON CONFLICT (key) DO
       UPDATE SET value = EXCLUDED.value;
