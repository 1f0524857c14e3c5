# Joins standard input and output to a port of this machine, where a refusal is waited out. Each end is passed on; it is over when the
# server has said all. perl-base is on every Debian and Ubuntu; nc does not end with the server, and a shell cannot pass on an end.
use strict;
use warnings;
use IO::Socket::INET;
use Socket qw(IPPROTO_TCP TCP_NODELAY);

my ($port, $patience) = @ARGV;
my $until = time + $patience;
my $server;
until ($server = IO::Socket::INET->new(PeerAddr => '127.0.0.1', PeerPort => $port)) {
  die "127.0.0.1:$port: $!\n" if time >= $until;
  select undef, undef, undef, 0.2;
}
setsockopt $server, IPPROTO_TCP, TCP_NODELAY, 1;

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

sub carry {
  my ($from, $to) = @_;
  while (sysread $from, my $bytes, 65536) {
    while (length $bytes) {
      my $taken = syswrite $to, $bytes or exit;
      substr $bytes, 0, $taken, '';
    }
  }
}
