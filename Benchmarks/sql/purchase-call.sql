\set buyer random(:first, :last)
\set number random(1, 9000000000000000000)
SELECT bench_purchase(:buyer, 'call-' || :number);
