# Joins standard input and output to the SSH server of this machine. One that refuses, or has too many guests, is waited for. Each end is
# passed on; it is over when the server has said all. perl-base is on every Debian and Ubuntu: nc does not end with the server, and a shell
# cannot pass on an end.
use strict;
use warnings;
use IO::Socket::INET;
use Socket qw(IPPROTO_TCP TCP_NODELAY);

my ($port, $patience) = @ARGV;
my $until = time + $patience;
my ($server, $greeting, $refusal);
until (greeted()) {
  die "127.0.0.1:$port: $refusal\n" if time >= $until;
  # Those who were refused together must not come together again.
  select undef, undef, undef, 0.1 + rand 0.4;
}
setsockopt $server, IPPROTO_TCP, TCP_NODELAY, 1;
put(\*STDOUT, $greeting);

my $writer = fork // die "fork: $!\n";
if ($writer == 0) {
  # The agent waits for all who hold these.
  close STDOUT;
  close STDERR;
  carry(\*STDIN, $server);
  shutdown $server, 1;
  exit;
}
carry($server, \*STDOUT);
kill TERM => $writer;

sub greeted {
  $server = IO::Socket::INET->new(PeerAddr => '127.0.0.1', PeerPort => $port);
  $refusal = $server ? 'it hung up' : "$!";
  return 0 unless $server && sysread $server, $greeting, 65536;
  ($refusal) = $greeting =~ /^([^\r\n]*)/;
  return $greeting =~ /^SSH-/;
}

sub carry {
  my ($from, $to) = @_;
  while (sysread $from, my $bytes, 65536) { put($to, $bytes) }
}

sub put {
  my ($to, $bytes) = @_;
  while (length $bytes) {
    my $taken = syswrite $to, $bytes or exit;
    substr $bytes, 0, $taken, '';
  }
}
