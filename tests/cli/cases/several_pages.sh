# One Instagram sign-in that sees several pages: the person picks which become destinations.
start_practice
login() {  # login [OPTION]...: stdin is what the person types after the redirect
  curl -s -X POST "$PRACTICE/practice/faults" -d '{"platform": "Instagram", "kind": "several_accounts"}' > /dev/null
  mkfifo answers
  asfs --practice "$PRACTICE" login "$@" --no-browser < answers 2> said &
  exec 3> answers
  for _ in $(seq 200); do grep -q '^http' said && break; sleep 0.05; done
  address=$(grep '^http' said)
  curl -s -o /dev/null -D - -X POST "$PRACTICE/practice/consent?${address#*\?}&platform=Instagram" |
    sed -n 's/^[Ll]ocation: //p' | tr -d '\r' >&3
  cat >&3
  exec 3>&-
  code wait $!
  rm answers
  sed -e '1,/^http/d' -e '/^$/d' -e '/^If that browser/d' -e '/^copy its address/d' said
}
echo "- nothing is typed"
login Instagram < /dev/null
echo "- both, after a slip"
printf '3\n2, 1\n' | login Instagram
asfs --practice "$PRACTICE" accounts | sed 's/until.*/until then/'
echo "- what has a destination is not offered"
login Instagram < /dev/null
asfs --practice "$PRACTICE" accounts add Instagram/third
echo "- and refused where it is named"
login Instagram/third --page "Practice page" < /dev/null
asfs --practice "$PRACTICE" accounts remove Instagram/other-practice-page
asfs --practice "$PRACTICE" logout Instagram
echo "- named beforehand"
login Instagram/third --page "Other practice page" --page "Practice page" < /dev/null
asfs --practice "$PRACTICE" accounts | sed 's/until.*/until then/'
